package io.binnacle.server.apply;

/** The one thing in which JSON as etcd stores it differs from that of any library: which characters are escaped, and how. */
public final class GoJson {

    private GoJson() {}

    /**
     * Appends the text in quotes. Besides what JSON demands, {@code <}, {@code >}, {@code &}, U+2028 and U+2029 are
     * written as escapes with lower-case digits.
     */
    public static StringBuilder quote(StringBuilder to, String text) {
        to.append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                case '\b' -> to.append("\\b");
                case '\f' -> to.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(to, c);
                default -> {
                    if (c < 0x20) escape(to, c);
                    else to.append(c);
                }
            }
        }
        return to.append('"');
    }

    private static void escape(StringBuilder to, char c) {
        to.append("\\u").append(String.format("%04x", (int) c));
    }
}
