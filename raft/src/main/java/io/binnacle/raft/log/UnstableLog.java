package io.binnacle.raft.log;

import io.binnacle.base.Check;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log that the storage may not have yet: at most one snapshot, then entries from {@code offset} on. Those
 * below {@code offsetInProgress} have been given out to be stored.
 *
 * <p>Entries that were given out may be replaced before they are stored, so an acknowledgement counts only if its term
 * fits, and the storage is trusted for an index only when no write of another entry with that index can be under way.
 */
public final class UnstableLog {

    private static final int FIRST_CAPACITY = 64;

    private @Nullable Snapshot snapshot;
    private boolean snapshotInProgress;
    private long offset;
    private long offsetInProgress; // offset <= offsetInProgress <= offset + size

    // Slots [start, end) hold the entries. A slot that was shown in a slice is never written again.
    private Entry[] slots = new Entry[FIRST_CAPACITY];
    private int start;
    private int end;

    private final RaftLogger logger;

    UnstableLog(long offset, RaftLogger logger) {
        this.offset = offset;
        this.offsetInProgress = offset;
        this.logger = logger;
    }

    long offset() {
        return offset;
    }

    long offsetInProgress() {
        return offsetInProgress;
    }

    int size() {
        return end - start;
    }

    @Nullable Snapshot snapshot() {
        return snapshot;
    }

    boolean hasEntries() {
        return end > start;
    }

    boolean hasNextEntries() {
        return offset + size() > offsetInProgress;
    }

    /** Index of the last entry or of the snapshot, or -1 if there is neither. */
    long lastIndexOrNone() {
        if (hasEntries()) return offset + size() - 1;
        return snapshot == null ? -1 : snapshot.index();
    }

    /** The term of an entry or of the snapshot, or {@link Storage#TERM_UNAVAILABLE} if it is neither. */
    long termOrNone(long index) {
        if (index < offset) {
            return snapshot != null && snapshot.index() == index ? snapshot.term() : Storage.TERM_UNAVAILABLE;
        }
        long place = index - offset;
        return place < size() ? slots[start + (int) place].term() : Storage.TERM_UNAVAILABLE;
    }

    /** Entries [low, high), which must be here. */
    EntrySlice slice(long low, long high) {
        Check.that(low >= offset && high <= offset + size() && low <= high, "unstable slice out of bounds");
        return EntrySlice.of(slots, start + (int) (low - offset), start + (int) (high - offset));
    }

    /** Entries that nobody has been asked to store. */
    EntrySlice nextEntries() {
        return hasNextEntries() ? slice(offsetInProgress, offset + size()) : EntrySlice.EMPTY;
    }

    /** The snapshot, if nobody has been asked to store it. */
    @Nullable Snapshot nextSnapshot() {
        return snapshotInProgress ? null : snapshot;
    }

    /** All that is here has been given out. */
    void acceptInProgress() {
        if (hasEntries()) offsetInProgress = offset + size();
        if (snapshot != null) snapshotInProgress = true;
    }

    /** The storage has everything up to this entry, unless the entry was replaced since. */
    void stableTo(long term, long index) {
        long held = termOrNone(index);
        if (held == Storage.TERM_UNAVAILABLE) {
            if (logger.takes(Level.INFO)) {
                logger.log(Level.INFO, "entry at index " + index + " missing from unstable log; ignoring");
            }
            return;
        }
        if (index < offset) {
            if (logger.takes(Level.INFO)) {
                logger.log(Level.INFO, "entry at index " + index + " matched unstable snapshot; ignoring");
            }
            return;
        }
        if (held != term) { // an overwritten entry's write has ended; the one that overwrites it is still under way
            if (logger.takes(Level.INFO)) {
                logger.log(Level.INFO, "entry at (index,term)=(" + index + "," + term + ") mismatched with entry at ("
                        + index + "," + held + ") in unstable log; ignoring");
            }
            return;
        }
        start += (int) (index + 1 - offset);
        offset = index + 1;
        offsetInProgress = Math.max(offsetInProgress, offset);
        if (start == end) release();
    }

    /** The storage has the snapshot. */
    void stableSnapshotTo(long index) {
        if (snapshot != null && snapshot.index() == index) {
            snapshot = null;
            snapshotInProgress = false;
        }
    }

    /** Begins anew with a snapshot. */
    void restore(Snapshot received) {
        snapshot = received;
        snapshotInProgress = false;
        offset = received.index() + 1;
        offsetInProgress = offset;
        release();
    }

    /** Adds entries that begin at or before the end; what they overlap is replaced. */
    void truncateAndAppend(EntrySlice entries) {
        long first = entries.get(0).index();
        long kept = first - offset;
        if (kept == size()) {
            append(entries);
            return;
        }
        if (kept <= 0) {
            if (logger.takes(Level.INFO)) logger.log(Level.INFO, "replace the unstable entries from index " + first);
            offset = first;
            offsetInProgress = first;
            release();
        } else {
            Check.that(kept < size(), "gap in the unstable log");
            if (logger.takes(Level.INFO)) logger.log(Level.INFO, "truncate the unstable entries before index " + first);
            offsetInProgress = Math.min(offsetInProgress, first);
            end = start + (int) kept;
            move(end - start + entries.size()); // the slots behind were shown
        }
        append(entries);
    }

    /** Adds one entry at the end. */
    void append(Entry entry) {
        if (end == slots.length) move(size() + 1);
        slots[end++] = entry;
    }

    private void append(EntrySlice entries) {
        if (slots.length - end < entries.size()) move(size() + entries.size());
        entries.copyTo(slots, end);
        end += entries.size();
    }

    private void move(int needed) {
        Entry[] fresh = new Entry[Math.max(FIRST_CAPACITY, needed + needed / 2)];
        System.arraycopy(slots, start, fresh, 0, end - start);
        end -= start;
        start = 0;
        slots = fresh;
    }

    /** Nothing is here: let go of a large or half used array, whose shown slots must stay as they are. */
    private void release() {
        start = end;
        if (end == slots.length || (slots.length > FIRST_CAPACITY && end > slots.length / 2)) {
            slots = new Entry[FIRST_CAPACITY];
            start = 0;
            end = 0;
        }
    }
}
