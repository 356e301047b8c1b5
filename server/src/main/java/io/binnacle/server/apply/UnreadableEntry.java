package io.binnacle.server.apply;

import org.jspecify.annotations.Nullable;

/** A committed entry that cannot be read: going on would make this member differ from others, so it stops. */
public final class UnreadableEntry extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Names the entry and what is wrong with it. */
    public UnreadableEntry(long index, @Nullable String what, Exception cause) {
        super("log entry " + index + " cannot be applied: " + what, cause);
    }
}
