package io.binnacle.server.apply;

import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.LeaseBook;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All leases, stored in the bucket {@code lease} (shared contract: api.md §7, formats.md §7).
 *
 * <p>The apply agent grants, ends, attaches and lets expire; any thread may look up and renew. Which leases exist and
 * what is attached to them is replicated state; when they expire is a matter of the leader's clock alone, so the time
 * is always an argument. Never iterated where order would reach the state.
 */
public final class Leases implements LeaseBook {

    /** The longest time to live, in seconds. */
    public static final long TTL_SECONDS_MAX = 9_000_000_000L;

    /** How many leases a new leader lets expire within one second: three quarters of what the revoker manages. */
    private static final int EXPIRIES_PER_SECOND_AFTER_PROMOTION = 750;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private record Due(long expiryNanos, long id) {}

    private final Backend backend;
    private final long ttlSecondsMin;
    private final ConcurrentHashMap<Long, Lease> byId = new ConcurrentHashMap<>();
    /** A lease is here once, at a moment not later than its expiry; renewing does not touch it. Apply agent only. */
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::expiryNanos).thenComparingLong(Due::id));
    private volatile boolean primary;

    private Leases(Backend backend, long ttlSecondsMin) {
        this.backend = backend;
        this.ttlSecondsMin = ttlSecondsMin;
    }

    /**
     * Loads what the backend holds; attachments are told later by {@link #attach}.
     *
     * @param ttlSecondsMin to which shorter times to live are raised: one and a half election timeouts, rounded up
     */
    public static Leases restore(Backend backend, long ttlSecondsMin) {
        Leases leases = new Leases(backend, ttlSecondsMin);
        Records.all(backend, Bucket.LEASE).forEach((key, value) -> {
            io.binnacle.api.leasepb.Lease stored = Stored.parse("lease", key, value, io.binnacle.api.leasepb.Lease.parser());
            long ttl = Math.max(stored.getTTL(), ttlSecondsMin);
            leases.byId.put(stored.getID(), new Lease(stored.getID(), ttl, stored.getRemainingTTL()));
        });
        return leases;
    }

    /** What a grant came to. */
    sealed interface Grant {
        /** Granted with this effective time to live. */
        record Granted(long ttlSeconds) implements Grant {}

        /** Refused; nothing changed. */
        record Denied(Refusal why) implements Grant {}
    }

    Grant grant(long id, long ttlSeconds, long nowNanos) {
        Check.that(id != 0, "a lease id of 0 reached the log");
        if (ttlSeconds > TTL_SECONDS_MAX) return new Grant.Denied(Refusal.LEASE_TTL_TOO_LARGE);
        if (byId.containsKey(id)) return new Grant.Denied(Refusal.LEASE_EXISTS);
        Lease lease = new Lease(id, Math.max(ttlSeconds, ttlSecondsMin), 0);
        byId.put(id, lease);
        store(lease, 0);
        if (primary) schedule(lease, nowNanos + TimeUnit.SECONDS.toNanos(lease.ttlSeconds()));
        return new Grant.Granted(lease.ttlSeconds());
    }

    /** Ends a lease; its keys are deleted by the caller, in the same entry and before this. */
    void end(Lease lease) {
        byId.remove(lease.id());
        backend.delete(Bucket.LEASE, keyOf(lease.id()));
        lease.end();
    }

    /** Notes how much of a lease was left; stored only if {@code persist}. Unknown ids are passed over. */
    void checkpoint(long id, long remainingSeconds, boolean persist) {
        Lease lease = byId.get(id);
        if (lease == null) return;
        lease.checkpointedSeconds(remainingSeconds);
        if (persist) store(lease, remainingSeconds);
    }

    /** The lease of that id, or null. */
    public @Nullable Lease find(long id) {
        return byId.get(id);
    }

    /** All leases, in no order. */
    public Collection<Lease> all() {
        return byId.values();
    }

    /** Whether this member lets leases expire and renews them. */
    public boolean primary() {
        return primary;
    }

    /**
     * Starts the expiry of all leases, on becoming leader: each gets what was left of it at its last checkpoint, or its
     * whole time, and {@code extendNanos} more, since nobody could renew meanwhile. Crowded expiries are spread out.
     */
    public void promote(long extendNanos, long nowNanos) {
        primary = true;
        due.clear();
        List<Lease> all = new ArrayList<>(byId.values());
        all.sort(Comparator.comparingLong(Leases::fullNanos).thenComparingLong(Lease::id));
        long windowStart = Long.MIN_VALUE;
        int inWindow = 0;
        for (Lease lease : all) {
            long expiry = nowNanos + extendNanos + fullNanos(lease);
            if (expiry >= windowStart + TimeUnit.SECONDS.toNanos(1)) {
                windowStart = expiry;
                inWindow = 0;
            } else if (inWindow >= EXPIRIES_PER_SECOND_AFTER_PROMOTION) {
                windowStart += TimeUnit.SECONDS.toNanos(1);
                inWindow = 0;
            }
            inWindow++;
            schedule(lease, Math.max(expiry, windowStart));
        }
    }

    /** Stops all expiry, on losing the leadership. */
    public void demote() {
        primary = false;
        due.clear();
        for (Lease lease : byId.values()) lease.expiryNanos(Lease.NEVER);
    }

    /** What a renewal came to. */
    public sealed interface Renewal {
        /** Renewed for this many seconds. */
        record Renewed(long ttlSeconds) implements Renewal {}

        /** There is no such lease. */
        record Unknown() implements Renewal {}

        /** It has expired and is about to be revoked; renewed it cannot be any more. */
        record Expired(Lease lease) implements Renewal {}

        /** This member is not the leader. */
        record NotPrimary() implements Renewal {}
    }

    /** Gives a lease its whole time again, from now on. For any thread. */
    public Renewal renew(long id, long nowNanos) {
        if (!primary) return new Renewal.NotPrimary();
        Lease lease = byId.get(id);
        if (lease == null) return new Renewal.Unknown();
        if (lease.remainingNanos(nowNanos) <= 0) return new Renewal.Expired(lease);
        lease.expiryNanos(nowNanos + TimeUnit.SECONDS.toNanos(lease.ttlSeconds()));
        return new Renewal.Renewed(lease.ttlSeconds());
    }

    /** Takes up to {@code most} leases that have expired; one that still exists in a while is given out again. */
    public List<Long> takeExpired(int most, long nowNanos) {
        List<Long> expired = new ArrayList<>();
        while (expired.size() < most) {
            Due next = due.peek();
            if (next == null || next.expiryNanos() > nowNanos) break;
            due.poll();
            Lease lease = byId.get(next.id());
            if (lease == null) continue;
            if (lease.expiryNanos() > nowNanos) { // renewed meanwhile
                due.add(new Due(lease.expiryNanos(), lease.id()));
                continue;
            }
            due.add(new Due(nowNanos + RETRY_NANOS, lease.id()));
            expired.add(lease.id());
        }
        return expired;
    }

    @Override
    public boolean exists(long id) {
        return byId.containsKey(id);
    }

    @Override
    public void attach(long id, Bytes key) {
        Lease lease = byId.get(id);
        if (lease != null) lease.keys().add(key);
    }

    @Override
    public void detach(long id, Bytes key) {
        Lease lease = byId.get(id);
        if (lease != null) lease.keys().remove(key);
    }

    private static long fullNanos(Lease lease) {
        long left = lease.checkpointedSeconds();
        return TimeUnit.SECONDS.toNanos(left > 0 ? left : lease.ttlSeconds());
    }

    private void schedule(Lease lease, long expiryNanos) {
        lease.expiryNanos(expiryNanos);
        due.add(new Due(expiryNanos, lease.id()));
    }

    private void store(Lease lease, long remainingSeconds) {
        io.binnacle.api.leasepb.Lease record = io.binnacle.api.leasepb.Lease.newBuilder()
                .setID(lease.id())
                .setTTL(lease.ttlSeconds())
                .setRemainingTTL(remainingSeconds)
                .build();
        backend.put(Bucket.LEASE, keyOf(lease.id()), Bytes.of(record.toByteArray()));
    }

    private static Bytes keyOf(long id) {
        return Bytes.of(ByteBuffer.allocate(8).putLong(id).array());
    }
}
