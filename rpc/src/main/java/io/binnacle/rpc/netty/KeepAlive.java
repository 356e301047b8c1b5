package io.binnacle.rpc.netty;

import java.util.concurrent.TimeUnit;

/**
 * Counts a client's pings against the rules: closer than the minimum, or than two hours while no call is open, is a
 * strike; the third strike ends the connection. What the server sends forgives all. Owned by one loop.
 */
final class KeepAlive {

    private static final int STRIKES_MAX = 2;
    private static final long IDLE_MIN_NANOS = TimeUnit.HOURS.toNanos(2);

    private final long minNanos;
    private boolean forgiven;
    private boolean pinged;
    private long lastPingNanos;
    private int strikes;

    KeepAlive(long minNanos) {
        this.minNanos = minNanos;
    }

    /** Headers or data were sent. */
    void sent() {
        forgiven = true;
    }

    /** A ping has come; false if it is one too many. */
    boolean ping(long nowNanos, int openCalls) {
        long sinceLast = nowNanos - lastPingNanos;
        boolean first = !pinged;
        pinged = true;
        lastPingNanos = nowNanos;
        if (forgiven) {
            forgiven = false;
            strikes = 0;
            return true;
        }
        long min = openCalls == 0 ? IDLE_MIN_NANOS : minNanos;
        if (!first && sinceLast < min) strikes++;
        return strikes <= STRIKES_MAX;
    }
}
