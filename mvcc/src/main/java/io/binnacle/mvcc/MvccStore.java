package io.binnacle.mvcc;

import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Check;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.index.KeyIndex;

/**
 * The store: the index in memory, the records in the backend, and the revision that counts its transactions. Apply
 * thread only, except {@link #compactor}'s agent and {@link #hash}.
 *
 * <p>Invariants: {@code compactRevision <= revision}; every revision in the index that no compaction has passed is in
 * the backend's bucket {@code key}; at most one transaction is open.
 */
public final class MvccStore {

    private final KeyIndex index;
    private final Backend backend;
    private final CompactionWork compaction;
    private final CompactionHashes hashes = new CompactionHashes();
    private long revision;
    private long compactRevision;
    private boolean open;

    MvccStore(KeyIndex index, Backend backend, MvccConfig config, StoreRestore.Progress progress) {
        this.index = index;
        this.backend = backend;
        this.revision = progress.revision();
        this.compactRevision = progress.finished();
        this.compaction = new CompactionWork(index, backend, config, hashes, progress);
    }

    /**
     * Reads the backend's bucket {@code key} once and rebuilds the index. A compaction that was scheduled and not
     * finished is taken up again: its revision counts as compacted at once, its job waits for {@link #compactor}.
     *
     * @throws IllegalStateException if the bucket holds what is no revision
     */
    public static MvccStore restore(Backend backend, MvccConfig config, AttachmentSink attachments) {
        KeyIndex index = new KeyIndex();
        StoreRestore.Progress progress = new StoreRestore(index, attachments).run(backend);
        MvccStore store = new MvccStore(index, backend, config, progress);
        if (progress.scheduled() > progress.finished()) {
            store.compact(progress.scheduled());
        }
        return store;
    }

    /** The newest revision; 1 in a store that was never written to. */
    public long revision() {
        return revision;
    }

    /** Revisions below are not readable; -1 if nothing was ever compacted. */
    public long compactRevision() {
        return compactRevision;
    }

    /** Keys in the index, deleted ones that no compaction has passed yet included: a figure for metrics. */
    public int keys() {
        return index.keys();
    }

    /**
     * The keys as they are now. Made once for each batch of entries; the caller holds it once and releases it when it
     * has published the next one.
     */
    public MvccView view() {
        Check.that(!open, "a view inside of a transaction");
        MvccView view = new MvccView(revision, compactRevision, index.view(), backend.view());
        compaction.published(view);
        return view;
    }

    /** Begins the transaction of one entry. */
    public WriteTxn write(LeaseBook leases) {
        Check.that(!open, "a transaction inside of another");
        open = true;
        return new WriteTxn(this, index, backend, leases, revision + 1);
    }

    void ended(long newRevision) {
        open = false;
        revision = newRevision;
    }

    /** Makes revisions below {@code at} unreadable at once and starts to delete what nobody can read any more. */
    public CompactionAnswer compact(long at) {
        Check.that(!open, "a compaction inside of a transaction");
        if (at <= compactRevision) return new CompactionAnswer.Compacted(compaction.last());
        if (at > revision) return new CompactionAnswer.Future();
        CompactionJob job = compaction.schedule(at, compactRevision);
        compactRevision = at;
        return new CompactionAnswer.Started(job);
    }

    /**
     * The apply thread's share of a compaction, a bounded slice: trims the index and deletes what the compactor found.
     * To be called between entries. What it deletes belongs to no entry: call
     * {@link Backend#maintained} when it answers more than 0, so that the backend may commit it.
     *
     * @return amount of work done; 0: nothing to do
     */
    public int maintain() {
        Check.that(!open, "a compaction slice inside of a transaction");
        return compaction.applySlice();
    }

    /** Whether {@link #maintain} has something to do now. Any thread. */
    public boolean maintenanceDue() {
        return compaction.sliceDue();
    }

    /** Whether the agent of {@link #compactor} has something to do, so that it is to be woken. Any thread. */
    public boolean scanDue() {
        return compaction.toScan() != null;
    }

    /**
     * The agent that finds what compactions may delete, and takes their hash. It only reads, from the newest view, so
     * it may have a thread of its own; the deletions happen in {@link #maintain}. It sleeps while {@link #scanDue} is
     * false.
     *
     * @param applyWaker wakes the apply thread when {@link #maintain} has something to do
     */
    public Agent compactor(Clock clock, Waker applyWaker) {
        return new Compactor(compaction, clock, applyWaker);
    }

    /** The hashes that compactions took since the start, by revision, for members to compare. Any thread. */
    public CompactionHashes compactionHashes() {
        return hashes;
    }

    /** The hash of the keys at a revision (api.md 9.5); the caller holds the view. Reads the whole bucket. Any thread. */
    public HashAnswer hash(MvccView view, long at) {
        CompactionHashes.Stored stored = hashes.find(at);
        if (stored != null) {
            return new HashAnswer.Hash(stored.hash(), at, stored.compactRevision(), view.revision());
        }
        if (at > 0 && at < view.compactRevision()) return new HashAnswer.Refused(KvRefusal.COMPACTED);
        if (at > view.revision()) return new HashAnswer.Refused(KvRefusal.FUTURE_REVISION);
        long resolved = at == 0 ? view.revision() : at;
        KvHash hash = new KvHash(view.compactRevision(), resolved, false);
        view.backend().scan(Bucket.KEY, KvHash.BEGIN, KvHash.end(resolved), (key, value) -> {
            hash.add(view.index(), key, value);
            return true;
        });
        return new HashAnswer.Hash(hash.value(), resolved, view.compactRevision(), view.revision());
    }
}
