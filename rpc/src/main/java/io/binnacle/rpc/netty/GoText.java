package io.binnacle.rpc.netty;

/** Text as Go's libraries write it, where clients see it: quoted strings in error messages. */
final class GoText {

    private GoText() {}

    /** The text in double quotes, with backslash, quote and unprintable bytes escaped. One char is one byte. */
    static String quote(CharSequence text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c >= 0x20 && c < 0x7f) quoted.append(c);
                    else quoted.append(String.format("\\x%02x", (int) c & 0xff));
                }
            }
        }
        return quoted.append('"').toString();
    }
}
