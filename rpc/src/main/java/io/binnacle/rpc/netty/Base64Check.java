package io.binnacle.rpc.netty;

/** Whether a value of binary metadata is base64, padded or not (RFC 4648, section 4). */
final class Base64Check {

    private Base64Check() {}

    /** The index of the first byte that can't be decoded; -1 if there is none. */
    static int firstWrong(CharSequence text) {
        int length = text.length();
        int data = length;
        if (length % 4 == 0) { // padding is only looked for where it fills the last group
            if (data > 0 && text.charAt(data - 1) == '=') data--;
            if (data > 0 && data < length && text.charAt(data - 1) == '=') data--;
        }
        for (int at = 0; at < data; at++) {
            if (!digit(text.charAt(at))) return at;
        }
        return data % 4 == 1 ? length : -1; // a lone digit is no byte
    }

    private static boolean digit(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    }
}
