package io.binnacle.bench.process;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Follows the anonymous memory of a process from a thread of its own, since the kernel keeps no peak of it. */
public final class MemoryWatch implements AutoCloseable {

    private static final long PERIOD_NANOS = 20_000_000;

    private final Thread thread;
    private volatile long peakBytes;
    private volatile boolean closed;

    MemoryWatch(long pid) {
        thread = Thread.ofPlatform().name("memory-watch").daemon().start(() -> follow(pid));
    }

    private void follow(long pid) {
        while (!closed) {
            try {
                peakBytes = Math.max(peakBytes, ProcReading.anonymousBytes(pid));
            } catch (IOException ended) {
                return; // the peak so far stands
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    /** The most that was seen, every 20 ms. */
    public long peakBytes() {
        return peakBytes;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
