package io.binnacle.io;

/** Time as a member sees it. Both faces are virtual in the simulator. Safe for all threads. */
public interface Clock {

    /** Nanoseconds from an arbitrary origin, never going back: for durations and deadlines. */
    long nanoTime();

    /** Milliseconds since 1970-01-01 UTC; may jump: only for what is shown or stored as a date. */
    long wallMillis();
}
