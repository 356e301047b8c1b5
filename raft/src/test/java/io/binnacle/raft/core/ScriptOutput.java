package io.binnacle.raft.core;

import io.binnacle.raft.RaftLogger;

/** What one command of a script has printed: texts always unless silenced, log lines by level, indented on demand. */
final class ScriptOutput implements RaftLogger {

    private final StringBuilder text = new StringBuilder();
    private int level; // ordinal of the lowest level shown; past the last one: nothing at all is printed
    private int indent;

    static final int NOTHING = 4;

    int level() {
        return level;
    }

    void level(int lowest) {
        level = lowest;
    }

    static int levelOf(String name) {
        return switch (name) {
            case "debug" -> 0;
            case "info" -> 1;
            case "warn" -> 2;
            case "error" -> 3;
            case "none" -> NOTHING;
            default -> throw new IllegalArgumentException("log level " + name);
        };
    }

    @Override
    public boolean takes(Level lineLevel) {
        return levelOf(name(lineLevel)) >= level;
    }

    @Override
    public void log(Level lineLevel, String line) {
        if (takes(lineLevel)) print(lineLevel.name() + " " + line + "\n");
    }

    private static String name(Level lineLevel) {
        return switch (lineLevel) {
            case DEBUG -> "debug";
            case INFO -> "info";
            case WARN -> "warn";
            case ERROR -> "error";
        };
    }

    void print(String lines) {
        if (level == NOTHING) return;
        String margin = "  ".repeat(indent);
        for (String line : lines.split("\n", -1)) {
            if (!line.isEmpty()) text.append(margin).append(line).append('\n');
        }
    }

    void indented(Runnable action) {
        indent++;
        action.run();
        indent--;
    }

    String take() {
        String taken = text.toString().stripTrailing();
        text.setLength(0);
        return taken.isEmpty() ? "ok" : taken;
    }
}
