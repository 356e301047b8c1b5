package io.binnacle.io;

/** Wakes one idle agent; cheap when it is not idle. Safe for all threads. */
@FunctionalInterface
public interface Waker {

    /** Makes sure that the agent takes another turn soon. */
    void wake();
}
