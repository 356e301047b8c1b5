package io.binnacle.rpc;

/** A single thread that owns connections and everything that belongs to them. */
public interface Loop {

    /**
     * Runs a task on the loop, soon and in the order given by this thread. May be called from any thread, costs a
     * queue slot and at most one wake: the tasks that have gathered are run in one go and what they write is flushed
     * together.
     */
    void execute(Runnable task);

    /** Whether the caller runs on this loop. */
    boolean inLoop();

    /**
     * Runs a task on the loop once a time has passed. On the loop only.
     *
     * @param delayNanos nanoseconds; the timer may be late by some milliseconds, never early
     */
    Timer schedule(Runnable task, long delayNanos);

    /** This loop's number, 0 to {@link #count} - 1; fixed, so it can choose a shard. */
    int index();

    /** The number of loops of the same server. */
    int count();

    /** The monotonic clock of deadlines and timers, in nanoseconds; comparable by subtraction. Any thread. */
    long nanoTime();

    /** A scheduled task. */
    interface Timer {
        /** Prevents the task unless it has run; on the loop only. */
        void cancel();
    }
}
