package io.binnacle.rpc.netty;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The percent-encoding of {@code grpc-message}: printable ASCII but the percent sign stays, other UTF-8 bytes don't. */
final class StatusText {

    private static final String HEX = "0123456789ABCDEF";

    private StatusText() {}

    /** The message as it stands in the header. */
    static AsciiString encode(String message) {
        for (int at = 0; at < message.length(); at++) {
            if (!plain(message.charAt(at))) return escape(message);
        }
        return AsciiString.of(message);
    }

    private static boolean plain(int c) {
        return c >= 0x20 && c <= 0x7e && c != '%';
    }

    private static AsciiString escape(String message) {
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
        StringBuilder escaped = new StringBuilder(utf8.length + 16);
        for (byte b : utf8) {
            int c = b & 0xff;
            if (plain(c)) escaped.append((char) c);
            else escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        }
        return AsciiString.of(escaped);
    }
}
