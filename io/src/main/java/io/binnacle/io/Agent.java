package io.binnacle.io;

/**
 * A single-threaded duty cycle. Whether it has a thread of its own, shares one or is driven by a simulator is decided
 * outside it; one thread at a time calls it.
 */
public interface Agent {

    /** Name for threads and logs. */
    String name();

    /**
     * One turn: takes what waits, bounded, and handles it.
     *
     * @return amount of work done; 0 means that there was nothing to do and the caller may idle until woken or until
     *     {@link #nextDeadlineNanos()}
     * @throws Exception when the agent cannot go on; the caller stops the member and says why
     */
    int doWork() throws Exception;

    /** When the next turn is due even without a wake-up, on {@link Clock#nanoTime()}; {@link Long#MAX_VALUE}: never. */
    default long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    /** Called once, on the agent's thread, when it is to end. */
    default void onClose() throws Exception {}
}
