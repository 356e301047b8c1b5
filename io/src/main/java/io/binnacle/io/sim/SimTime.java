package io.binnacle.io.sim;

/** True time of a simulation, in nanoseconds from its start; every {@link SimClock} hangs on one. One thread's. */
public final class SimTime {

    private long nanos;

    /** Nanoseconds since the start. */
    public long nanos() {
        return nanos;
    }

    /** Lets time pass: for the scheduler, and for a slow disk's delay. */
    public void advance(long byNanos) {
        if (byNanos < 0) throw new IllegalArgumentException("time goes back by " + byNanos);
        nanos += byNanos;
    }
}
