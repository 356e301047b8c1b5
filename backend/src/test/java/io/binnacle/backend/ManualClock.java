package io.binnacle.backend;

import io.binnacle.io.Clock;

/** A clock that stands until it is moved. For all threads. */
final class ManualClock implements Clock {
    private volatile long nanos = 1;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long wallMillis() {
        return nanos / 1_000_000;
    }

    private void set(long next) {
        nanos = next;
    }

    /** Only one thread may move it. */
    void advanceMillis(long millis) {
        set(nanos + millis * 1_000_000);
    }
}
