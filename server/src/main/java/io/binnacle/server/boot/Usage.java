package io.binnacle.server.boot;

import java.util.Map;
import java.util.TreeMap;

/** What {@code --help} shows: how to call the program, and its flags by what this release does with them. */
final class Usage {

    static final String BLOCK = """
            Usage:

              etcd [flags]
                Start a member.

              etcd --version
                Show the version of etcd that this member is compatible with.

              etcd -h | --help
                Show the flags.

            """;

    private Usage() {}

    static String flags() {
        StringBuilder text = new StringBuilder("Flags of etcd 3.7 that this release obeys:\n\n");
        append(text, Flags.Support.OBEYED);
        text.append("\nAccepted, without effect:\n\n");
        append(text, Flags.Support.HARMLESS);
        text.append("\nNot supported by this release, refused when given:\n\n");
        append(text, Flags.Support.REFUSED);
        return text.toString();
    }

    private static void append(StringBuilder text, Flags.Support support) {
        Map<String, Flags.Definition> sorted = new TreeMap<>(EtcdFlags.all());
        sorted.forEach((name, definition) -> {
            if (definition.support() == support && definition.type() != FlagValue.IGNORED) {
                text.append("  --").append(name).append('\n');
            }
        });
    }
}
