package io.binnacle.base;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import org.jspecify.annotations.Nullable;

/**
 * Invariants that stay checked in production.
 *
 * <p>A broken invariant means that the program's picture of its own state is wrong, so it is never caught and
 * handled: the agent that meets it stops, and with it the member. Bad input is not an invariant; it gets an error
 * value or an exception of its own.
 */
public final class Check {

    private Check() {}

    /** Throws {@link BrokenInvariant} with the formatted message unless {@code holds}. */
    @FormatMethod
    public static void that(boolean holds, @FormatString String message, Object... arguments) {
        if (!holds) throw new BrokenInvariant(String.format(message, arguments));
    }

    /** Throws {@link BrokenInvariant} unless {@code holds}; for hot paths, since it makes no argument array. */
    public static void that(boolean holds, String message) {
        if (!holds) throw new BrokenInvariant(message);
    }

    /** The value, which must not be null. */
    public static <T> T present(@Nullable T value) {
        if (value == null) throw new BrokenInvariant("a value that must be there is not");
        return value;
    }

    /** What {@link Check#that} throws. Never caught except to report it and stop. */
    public static final class BrokenInvariant extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        /** Creates the error with what was found. */
        public BrokenInvariant(String message) {
            super(message);
        }
    }
}
