package io.binnacle.mvcc;

import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records up to a compact revision, a batch at a time with a pause in between, and finds those that nobody
 * can read any more: all but each key's newest, and that one too if it is a tombstone below the revision. Each batch
 * takes the newest view, since what a compaction keeps is the same in all views after it.
 */
final class Compactor implements Agent {

    private final CompactionWork work;
    private final Clock clock;
    private final Waker applyWaker;
    private final KeyRevision cell = new KeyRevision();
    private @Nullable CompactionJob job;
    private Bytes from = KvHash.BEGIN;
    private KvHash hash = new KvHash(-1, -1, true);
    private long pausedUntilNanos;

    /** {@code applyWaker} wakes the apply thread, whose turn it is after each batch. */
    Compactor(CompactionWork work, Clock clock, Waker applyWaker) {
        this.work = work;
        this.clock = clock;
        this.applyWaker = applyWaker;
        this.pausedUntilNanos = clock.nanoTime();
    }

    @Override
    public String name() {
        return "compactor";
    }

    @Override
    public long nextDeadlineNanos() {
        return work.toScan() == null ? Long.MAX_VALUE : pausedUntilNanos;
    }

    @Override
    public int doWork() {
        CompactionJob next = work.toScan();
        if (next == null) return 0;
        long now = clock.nanoTime();
        if (now - pausedUntilNanos < 0) return 0;
        pausedUntilNanos = now + work.config().compactionPauseNanos();
        MvccView view = work.newest();
        if (view == null || view.compactRevision() < next.revision() || !view.acquire()) return 0; // not yet published
        try {
            if (next != job) begin(next);
            return scan(view, next);
        } finally {
            view.release();
        }
    }

    private void begin(CompactionJob next) {
        job = next;
        from = KvHash.BEGIN;
        hash = new KvHash(next.previousRevision(), next.revision(), true);
    }

    private int scan(MvccView view, CompactionJob next) {
        List<Bytes> dead = new ArrayList<>();
        int batch = work.config().compactionBatchRevisions();
        int[] seen = new int[1];
        view.backend().scan(Bucket.KEY, from, KvHash.end(next.revision()), (key, record) -> {
            if (seen[0] == batch) {
                from = key;
                seen[0]++;
                return false;
            }
            seen[0]++;
            hash.add(view.index(), key, record);
            if (!KvHash.survives(view.index(), next.revision(), key, record, true, cell)) dead.add(key);
            return true;
        });
        boolean last = seen[0] <= batch;
        work.hand(new CompactionWork.Found(next, dead, last, hash.value()));
        applyWaker.wake();
        if (last) job = null;
        return seen[0];
    }
}
