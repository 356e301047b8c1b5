package io.binnacle.backend;

import io.binnacle.base.Check;
import io.binnacle.bolt.BoltBucket;
import io.binnacle.bolt.BoltSnapshot;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A committed state of the file, shared by all views between two commits and held by a count. Its buckets are looked up
 * once, when it is made. Safe for all threads.
 */
final class FilePin {
    private final Generation generation;
    private final BoltSnapshot snapshot;
    private final @Nullable BoltBucket[] buckets;
    private final long index;
    private final long term;
    /** Never rises again from 0. */
    private final AtomicInteger holds = new AtomicInteger(1);

    private FilePin(Generation generation, BoltSnapshot snapshot) {
        this.generation = generation;
        this.snapshot = snapshot;
        this.buckets = new @Nullable BoltBucket[Bucket.COUNT];
        for (Bucket bucket : Bucket.values()) buckets[bucket.slot()] = snapshot.bucket(bucket.bucketName());
        BoltBucket meta = bucket(Bucket.META);
        this.index = meta == null ? 0 : MetaKeys.number(meta.get(MetaKeys.CONSISTENT_INDEX));
        this.term = meta == null ? 0 : MetaKeys.number(meta.get(MetaKeys.TERM));
    }

    /** The newest state of a generation in which the caller has made room for this user. */
    static FilePin newest(Generation generation) {
        return new FilePin(generation, generation.file().snapshot());
    }

    boolean acquire() {
        int now = holds.get();
        while (now > 0) {
            int seen = holds.compareAndExchange(now, now + 1);
            if (seen == now) return true;
            now = seen;
        }
        return false;
    }

    void release() {
        int left = holds.decrementAndGet();
        Check.that(left >= 0, "a file snapshot was given back too often");
        if (left > 0) return;
        snapshot.close();
        generation.leave();
    }

    BoltSnapshot snapshot() {
        return snapshot;
    }

    /** Null if the file has none of that name. */
    @Nullable BoltBucket bucket(Bucket bucket) {
        return buckets[bucket.slot()];
    }

    /** Consistent index of this state. */
    long index() {
        return index;
    }

    /** Term of that entry. */
    long term() {
        return term;
    }

    boolean isHeld() {
        return holds.get() > 0;
    }
}
