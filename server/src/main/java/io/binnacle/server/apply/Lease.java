package io.binnacle.server.apply;

import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * One lease. Its id and time to live never change; the expiry and the attached keys do.
 *
 * <p>The apply agent attaches, detaches and ends it; any thread may read and {@link Leases#renew renew} it.
 */
public final class Lease {

    /** The expiry of a lease that this member does not let expire, not being the leader. */
    static final long NEVER = Long.MAX_VALUE;

    private final long id;
    private final long ttlSeconds;
    private final ConcurrentSkipListSet<Bytes> keys = new ConcurrentSkipListSet<>();
    /** Left of the time to live at the last checkpoint; 0 means all of it. */
    private volatile long checkpointedSeconds;
    private volatile long expiryNanos = NEVER;
    private final List<Runnable> endListeners = new ArrayList<>(0); // guarded by itself
    private boolean ended; // guarded by endListeners

    Lease(long id, long ttlSeconds, long checkpointedSeconds) {
        this.id = id;
        this.ttlSeconds = ttlSeconds;
        this.checkpointedSeconds = checkpointedSeconds;
    }

    /** Its id; any number but 0. */
    public long id() {
        return id;
    }

    /** The time to live in seconds that it was granted. */
    public long ttlSeconds() {
        return ttlSeconds;
    }

    /** Left of the time to live, in seconds, at the last checkpoint; 0 if there was none. */
    public long checkpointedSeconds() {
        return checkpointedSeconds;
    }

    /** The keys attached to it, sorted: a live view that may change while it is read. */
    public Set<Bytes> keys() {
        return keys;
    }

    /** When it expires, on the monotonic clock; {@link Long#MAX_VALUE} on a member that is not the leader. */
    public long expiryNanos() {
        return expiryNanos;
    }

    /** Left until the expiry at a given moment, negative after it. */
    public long remainingNanos(long nowNanos) {
        return expiryNanos == NEVER ? NEVER : expiryNanos - nowNanos;
    }

    /** Calls back once when the lease has ended; at once, on this thread, if it has. */
    public void whenEnded(Runnable listener) {
        synchronized (endListeners) {
            if (!ended) {
                endListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    void expiryNanos(long expiryNanos) {
        this.expiryNanos = expiryNanos;
    }

    void checkpointedSeconds(long seconds) {
        checkpointedSeconds = seconds;
    }

    void end() {
        List<Runnable> waiting;
        synchronized (endListeners) {
            ended = true;
            waiting = List.copyOf(endListeners);
            endListeners.clear();
        }
        waiting.forEach(Runnable::run);
    }
}
