package io.binnacle.io;

/** Runs what may take long or block (password hashing, name look-ups) off every agent's thread. */
@FunctionalInterface
public interface Offload {

    /** Runs the work on some other thread; in a simulator, at some later step. The work must not throw. */
    void run(Runnable work);
}
