package io.binnacle.proof.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. Any thread. */
public final class Waiting {
    private static final Duration BETWEEN = Duration.ofMillis(25);

    private Waiting() {}

    /**
     * Asks again and again, with a short pause between, until the answer is yes.
     *
     * @throws IllegalStateException if it is still no after the time given
     */
    public static void until(String what, Duration most, BooleanSupplier condition) {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + most + ": " + what);
            }
            pause(BETWEEN);
        }
    }

    /** Lets time pass where a recording says so; never a substitute for a condition. */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
