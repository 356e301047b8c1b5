package io.binnacle.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 GET of short texts, one connection each: cheap enough to ask every few milliseconds. */
final class LoopbackHttp {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ANSWER_BYTES_MAX = 8 << 20;

    private LoopbackHttp() {}

    /**
     * The whole answer, status line first.
     *
     * @throws IOException if nobody listens, or the answer takes longer than 10 s
     */
    static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}
