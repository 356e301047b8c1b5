package io.binnacle.proof.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server did not come to serve. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LINES_SHOWN_MAX = 25;

    private final @Nullable Integer exit;
    private final transient List<String> lines;

    StartFailure(String name, @Nullable Integer exit, List<String> lines) {
        super(name + (exit == null ? " is not ready in time" : " ended with " + exit) + "; its log ends:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN_MAX), lines.size())));
        this.exit = exit;
        this.lines = List.copyOf(lines);
    }

    /** The exit code, or null if the server was still running. */
    public @Nullable Integer exit() {
        return exit;
    }

    /** The last lines of its output. */
    public List<String> lines() {
        return lines;
    }
}
