package io.binnacle.io;

/** Runs each piece of off-loaded work on a virtual thread of its own, named for stack dumps. Safe for all threads. */
public final class VirtualThreadOffload implements Offload {

    private final Thread.Builder.OfVirtual threads;

    /** An off-load whose threads are called {@code name}-0 and so on. */
    public VirtualThreadOffload(String name) {
        threads = Thread.ofVirtual().name(name + "-", 0);
    }

    @Override
    public synchronized void run(Runnable work) { // a builder that counts is not safe for several threads
        threads.start(work);
    }
}
