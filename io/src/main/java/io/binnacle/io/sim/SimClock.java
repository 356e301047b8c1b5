package io.binnacle.io.sim;

import io.binnacle.io.Clock;

/**
 * One member's clock over the simulation's true time. Its monotonic face may run fast or slow but never back; its wall
 * face may also jump. Belongs to the simulator's thread.
 */
public final class SimClock implements Clock {

    private final SimTime time;
    /** The monotonic face showed {@code localBase} when true time was {@code trueBase}. */
    private long trueBase;
    private long localBase;
    /** Local nanoseconds per true one. */
    private double rate = 1.0;
    /** Wall milliseconds at local zero. */
    private long wallBaseMillis;

    /** A clock that shows {@code wallMillis} now. */
    public SimClock(SimTime time, long wallMillis) {
        this.time = time;
        this.trueBase = time.nanos();
        this.wallBaseMillis = wallMillis - localNanos() / 1_000_000;
    }

    @Override
    public long nanoTime() {
        return localNanos();
    }

    @Override
    public long wallMillis() {
        return wallBaseMillis + localNanos() / 1_000_000;
    }

    private long localNanos() {
        return localBase + (long) ((time.nanos() - trueBase) * rate);
    }

    /** From now on it gains (above 1) or loses (below 1) against true time. */
    public void drift(double localPerTrue) {
        if (!(localPerTrue > 0)) throw new IllegalArgumentException("rate " + localPerTrue);
        localBase = localNanos();
        trueBase = time.nanos();
        rate = localPerTrue;
    }

    /** The wall face jumps, forward or back. */
    public void jumpWall(long millis) {
        wallBaseMillis += millis;
    }

    /** True time at which the monotonic face shows {@code localNanos} or later; at once if it already does. */
    long trueNanosOf(long localNanos) {
        if (localNanos == Long.MAX_VALUE) return Long.MAX_VALUE;
        long ahead = localNanos - localNanos();
        if (ahead <= 0) return time.nanos();
        return time.nanos() + (long) Math.ceil(ahead / rate) + 1; // one more, so that rounding never wakes too early
    }
}
