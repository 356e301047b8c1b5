package io.binnacle.raft.log;

import io.binnacle.base.Check;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The whole log: the storage, and behind it what is unstable.
 *
 * <p>Always {@code applied <= applying <= committed <= lastIndex}.
 */
public final class RaftLog {

    private final Storage storage;
    private final UnstableLog unstable;
    private final RaftLogger logger;
    private final boolean applyUnstable; // synchronous mode: what is given out to apply is stored first anyway
    private final long applyingBytesMax;

    private long committed; // highest index known to be in the logs of a quorum
    private long applying; // highest index given out to be applied
    private long applied; // highest index that the state machine has
    private long applyingBytes; // encoded bytes of (applied, applying]
    private boolean applyingPaused; // nothing more is given out until some is applied

    /** A log that begins with what the storage has; nothing behind its snapshot counts as committed yet. */
    public RaftLog(Storage storage, RaftLogger logger, boolean applyUnstable, long applyingBytesMax) {
        this.storage = storage;
        this.logger = logger;
        this.applyUnstable = applyUnstable;
        this.applyingBytesMax = applyingBytesMax;
        unstable = new UnstableLog(storage.lastIndex() + 1, logger);
        committed = storage.firstIndex() - 1;
        applying = committed;
        applied = committed;
    }

    /** Highest committed index. */
    public long committed() {
        return committed;
    }

    /** Highest applied index. */
    public long applied() {
        return applied;
    }

    /** Sets the commit index that was saved. */
    public void restoreCommitted(long index) {
        Check.that(index >= committed && index <= lastIndex(), "saved commit %d is out of range [%d, %d]", index,
                committed, lastIndex());
        committed = index;
    }

    /** Index of the first entry that is not covered by a snapshot. */
    public long firstIndex() {
        Snapshot pending = unstable.snapshot();
        return pending == null ? storage.firstIndex() : pending.index() + 1;
    }

    /** Index of the last entry, or of the snapshot. */
    public long lastIndex() {
        long last = unstable.lastIndexOrNone();
        return last >= 0 ? last : storage.lastIndex();
    }

    /** Term of the last entry. */
    public long lastTerm() {
        long term = term(lastIndex());
        Check.that(term >= 0, "no term for the last entry");
        return term;
    }

    /** Index and term of the last entry. */
    public EntryId last() {
        return new EntryId(lastTerm(), lastIndex());
    }

    /** The term of an entry, or {@link Storage#TERM_COMPACTED} or {@link Storage#TERM_UNAVAILABLE}. */
    public long term(long index) {
        long term = unstable.termOrNone(index);
        if (term >= 0) return term;
        if (index + 1 < firstIndex()) return Storage.TERM_COMPACTED;
        if (index > lastIndex()) return Storage.TERM_UNAVAILABLE;
        return storage.term(index);
    }

    /** The term of an entry, 0 if it is not there. */
    public long termOrZero(long index) {
        return Math.max(0, term(index));
    }

    /** Whether the entry is here with this term. */
    public boolean matches(long term, long index) {
        return term(index) == term;
    }

    /** Whether a candidate's last entry is not behind ours: later term, or same term and at least as long, thesis §3.6.1. */
    public boolean isUpToDate(long term, long index) {
        long lastTerm = lastTerm();
        return term > lastTerm || (term == lastTerm && index >= lastIndex());
    }

    /** Adds the entries of a leader's own term at the end. */
    public void append(EntrySlice entries) {
        if (entries.isEmpty()) return;
        long first = entries.get(0).index();
        Check.that(first > committed, "append would overwrite a committed entry");
        unstable.truncateAndAppend(entries);
    }

    /** Adds one entry at the end, without a slice. */
    public void append(Entry entry) {
        Check.that(entry.index() == lastIndex() + 1, "entry is not the next one");
        unstable.append(entry);
    }

    /**
     * Follower side of replication, thesis §3.5.
     *
     * @return whether the entry before the given ones is here, so that now all of them are
     */
    public boolean tryAppend(long prevTerm, long prevIndex, EntrySlice entries, long leaderCommit) {
        if (!matches(prevTerm, prevIndex)) return false;
        long lastNew = prevIndex + entries.size();
        int conflict = firstConflict(entries);
        if (conflict >= 0) {
            long at = entries.get(conflict).index();
            Check.that(at > committed, "entry %d conflicts with a committed entry [committed(%d)]", at, committed);
            append(entries.slice(conflict, entries.size()));
        }
        commitTo(Math.min(leaderCommit, lastNew));
        return true;
    }

    /** Place of the first entry that is not here with its term, or -1 if all are. */
    private int firstConflict(EntrySlice entries) {
        for (int at = 0; at < entries.size(); at++) {
            Entry entry = entries.get(at);
            if (matches(entry.term(), entry.index())) continue;
            if (entry.index() <= lastIndex() && logger.takes(Level.INFO)) {
                logger.log(Level.INFO, "found conflict at index " + entry.index() + " [existing term: "
                        + termOrZero(entry.index()) + ", conflicting term: " + entry.term() + "]");
            }
            return at;
        }
        return -1;
    }

    /**
     * The highest index, from {@code index} downwards, whose entry has at most this term: where a log that has the entry
     * (term, index) can agree with this one at best. It is where entries are no longer here if none was found before.
     */
    public long lastIndexWithTermAtMost(long term, long index) {
        for (long at = index; at > 0; at--) {
            if (term(at) <= term) return at; // also when the entry is not here: its term is not known
        }
        return 0;
    }

    /** Moves the commit index up. */
    public void commitTo(long index) {
        if (index <= committed) return;
        Check.that(index <= lastIndex(),
                "tocommit(%d) is out of range [lastIndex(%d)]. Was the raft log corrupted, truncated, or lost?",
                index, lastIndex());
        committed = index;
    }

    /** Commits up to an index that a quorum has, if its entry is of this term: thesis §3.6.2. */
    public boolean tryCommit(long term, long index) {
        if (index <= committed || term == 0 || !matches(term, index)) return false;
        commitTo(index);
        return true;
    }

    /**
     * Entries from {@code low} on, at most so many encoded bytes but at least one if there is any.
     */
    public LogRead entries(long low, long maxBytes) {
        return low > lastIndex() ? EntrySlice.EMPTY : entries(low, lastIndex() + 1, maxBytes);
    }

    /** Entries [low, high), at most so many encoded bytes but at least one. */
    public LogRead entries(long low, long high, long maxBytes) {
        if (low >= high) return EntrySlice.EMPTY;
        if (low < firstIndex()) return LogRead.Missing.COMPACTED;
        Check.that(high <= lastIndex() + 1, "slice [%d,%d) out of bound, last index %d", low, high, lastIndex());
        if (low >= unstable.offset()) return unstable.slice(low, high).limit(maxBytes);
        long cut = Math.min(high, unstable.offset());
        return switch (storage.entries(low, cut, maxBytes)) {
            case LogRead.Missing missing -> missing;
            case EntrySlice stored -> withUnstable(stored, low, cut, high, maxBytes);
        };
    }

    private EntrySlice withUnstable(EntrySlice stored, long low, long cut, long high, long maxBytes) {
        if (high <= cut || stored.size() < cut - low) return stored; // limited, or all that was asked for
        if (maxBytes == Long.MAX_VALUE) return stored.join(unstable.slice(cut, high));
        long room = maxBytes - stored.encodedBytes();
        if (room <= 0) return stored;
        EntrySlice more = unstable.slice(cut, high).limit(room);
        return more.size() == 1 && more.encodedBytes() > room ? stored : stored.join(more);
    }

    // What is to be stored.

    /** Whether there is anything that nobody was asked to store, or whose storing is not acknowledged. */
    public boolean hasUnstableEntries() {
        return unstable.hasEntries();
    }

    /** Whether there are entries that nobody was asked to store. */
    public boolean hasNextUnstableEntries() {
        return unstable.hasNextEntries();
    }

    /** Those entries. */
    public EntrySlice nextUnstableEntries() {
        return unstable.nextEntries();
    }

    /** The snapshot that nobody was asked to store, or null. */
    public @Nullable Snapshot nextUnstableSnapshot() {
        return unstable.nextSnapshot();
    }

    /** Whether a received snapshot is not known to be stored. */
    public boolean hasUnstableSnapshot() {
        return unstable.snapshot() != null;
    }

    /** All of it has been given out. */
    public void acceptUnstable() {
        unstable.acceptInProgress();
    }

    /** The storage has everything up to this entry. */
    public void stableTo(long term, long index) {
        unstable.stableTo(term, index);
    }

    /** The storage has the snapshot. */
    public void stableSnapshotTo(long index) {
        unstable.stableSnapshotTo(index);
    }

    // What is to be applied.

    /** Whether there are committed entries to give out, as far as can be known without reading them. */
    public boolean hasNextCommitted() {
        return !applyingPaused && !hasUnstableSnapshot() && applying < maxAppliable();
    }

    /** Committed entries to give out; may be {@link LogRead.Missing#PENDING}. */
    public LogRead nextCommitted() {
        if (!hasNextCommitted()) return EntrySlice.EMPTY;
        long room = applyingBytesMax - applyingBytes;
        Check.that(room > 0, "not paused, but there is no room to apply");
        return entries(applying + 1, maxAppliable() + 1, room);
    }

    private long maxAppliable() {
        return applyUnstable ? committed : Math.min(committed, unstable.offset() - 1);
    }

    /** These entries have been given out to be applied. */
    public void acceptApplying(EntrySlice entries) {
        long index = entries.last().index();
        Check.that(index > applying && index <= committed, "applying %d is out of range (%d, %d]", index, applying,
                committed);
        applying = index;
        applyingBytes += entries.encodedBytes();
        // What did not fit had to be left out, so wait for room even if a small entry might still fit.
        applyingPaused = applyingBytes >= applyingBytesMax || index < maxAppliable();
    }

    /** The state machine has everything up to this index, {@code bytes} of which were given out. */
    public void appliedTo(long index, long bytes) {
        Check.that(index >= applied && index <= committed, "applied(%d) is out of range [prevApplied(%d), committed(%d)]",
                index, applied, committed);
        applied = index;
        applying = Math.max(applying, index);
        applyingBytes = Math.max(0, applyingBytes - bytes);
        applyingPaused = applyingBytes >= applyingBytesMax;
    }

    // Snapshots.

    /** The newest snapshot, or null if none can be had at the moment. */
    public @Nullable Snapshot snapshot() {
        Snapshot pending = unstable.snapshot();
        return pending != null ? pending : storage.snapshot();
    }

    /** Replaces the whole log by a snapshot. */
    public void restore(Snapshot snapshot) {
        if (logger.takes(Level.INFO)) {
            logger.log(Level.INFO, "log [" + this + "] starts to restore snapshot [index: " + snapshot.index()
                    + ", term: " + snapshot.term() + "]");
        }
        committed = snapshot.index();
        unstable.restore(snapshot);
    }

    /** As etcd's logs show it. */
    @Override
    public String toString() {
        return "committed=" + committed + ", applied=" + applied + ", applying=" + applying + ", unstable.offset="
                + unstable.offset() + ", unstable.offsetInProgress=" + unstable.offsetInProgress()
                + ", len(unstable.Entries)=" + unstable.size();
    }
}
