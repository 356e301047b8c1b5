package io.binnacle.mvcc;

import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.KeyIndex;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Compactions one after the other, and the hand-over between the agent that finds what to delete and the apply thread
 * that deletes it: one batch at a time, so neither gets ahead. Belongs to the apply thread but for the methods that
 * say otherwise.
 */
final class CompactionWork {

    /** Leaves of the index a slice looks at: some thousand keys, well under a millisecond. */
    private static final int TRIM_LEAVES = 128;

    /**
     * What the agent found in one batch of records.
     *
     * @param dead their keys in the bucket
     * @param hash when the end was reached, the hash of all that was scanned
     */
    record Found(CompactionJob job, List<Bytes> dead, boolean last, int hash) {}

    private final KeyIndex index;
    private final Backend backend;
    private final MvccConfig config;
    private final CompactionHashes hashes;
    private long scheduled;
    private long finished;
    private @Nullable CompactionJob running;
    /** The one after it; later ones join it, since a compaction covers those below. */
    private @Nullable CompactionJob waiting;
    /** Where the trimming of the index for the running job goes on; null when it is through. */
    private volatile @Nullable Bytes trimFrom;
    private @Nullable Found end;

    /** Written by the apply thread, read by the agent: the job whose records it shall scan. */
    private volatile @Nullable CompactionJob scanning;
    /** Written by the apply thread, read by the agent. */
    private volatile @Nullable MvccView newest;
    /** Filled by the agent, emptied by the apply thread. */
    private final AtomicReference<@Nullable Found> found = new AtomicReference<>();

    CompactionWork(KeyIndex index, Backend backend, MvccConfig config, CompactionHashes hashes,
            StoreRestore.Progress progress) {
        this.index = index;
        this.backend = backend;
        this.config = config;
        this.hashes = hashes;
        this.scheduled = progress.scheduled();
        this.finished = progress.finished();
    }

    /** Records that a compaction shall take place; it begins when those before it have finished. */
    CompactionJob schedule(long revision, long previousRevision) {
        CompactionJob job = new CompactionJob(revision, previousRevision, scheduled == finished);
        scheduled = revision;
        backend.put(Bucket.META, StoreRestore.SCHEDULED, RevisionKey.put(revision, 0));
        if (running == null) {
            start(job);
        } else {
            if (waiting != null) waiting.joins(job);
            waiting = job;
        }
        return job;
    }

    private void start(CompactionJob job) {
        running = job;
        trimFrom = Bytes.EMPTY;
        end = null;
        scanning = job;
    }

    /** The last job if it has not finished. */
    @Nullable CompactionJob last() {
        return waiting != null ? waiting : running;
    }

    /** Any thread: whether {@link #applySlice} would do something, as far as can be seen from here. */
    boolean sliceDue() {
        return found.get() != null || trimFrom != null;
    }

    /** A bounded piece of work; how much it was. */
    int applySlice() {
        CompactionJob job = running;
        if (job == null) return 0;
        int work = 0;
        if (trimFrom != null) {
            trimFrom = index.trim(trimFrom, job.revision(), TRIM_LEAVES);
            work++;
        }
        Found batch = found.get();
        if (batch != null) {
            for (Bytes key : batch.dead) backend.delete(Bucket.KEY, key);
            work += 1 + batch.dead.size();
            if (batch.last) {
                end = batch;
                scanning = null; // before the batch is taken: else the agent would begin again
            }
            found.set(null);
        }
        if (end != null && trimFrom == null) finish(job, end);
        return work;
    }

    private void finish(CompactionJob job, Found scanned) {
        Check.that(scanned.job == job, "a compaction ends with another's scan");
        backend.put(Bucket.META, StoreRestore.FINISHED, RevisionKey.put(job.revision(), 0));
        finished = job.revision();
        if (job.hashed()) {
            hashes.add(new CompactionHashes.Stored(job.revision(), scanned.hash, job.previousRevision()));
        }
        CompactionJob next = waiting;
        running = null;
        waiting = null;
        if (next != null) start(next);
        job.finish();
    }

    void published(MvccView view) {
        newest = view;
    }

    /** Agent: the job to scan for, null if there is none or its last batch has not been taken. */
    @Nullable CompactionJob toScan() {
        return found.get() == null ? scanning : null;
    }

    /** Agent: the newest view, to be acquired. */
    @Nullable MvccView newest() {
        return newest;
    }

    /** Agent: hands a batch over; the last one must have been taken. */
    void hand(Found batch) {
        boolean taken = found.compareAndSet(null, batch);
        Check.that(taken, "a compaction batch before the last was taken");
    }

    MvccConfig config() {
        return config;
    }
}
