package io.binnacle.raft;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable log as far as it fits in memory, bounded by entries and bytes; older entries, down to where the log was
 * compacted, are fetched from where they are stored when they are asked for.
 *
 * <p>Owned by the consensus thread. It is told of entries when they are durable, before the core is.
 *
 * <pre>
 *   base          memoryFirst        last
 *    |  evicted: terms only |  entries |
 * </pre>
 */
public final class MemoryStorage implements Storage {

    /** Reads entries back that are not in memory. */
    @FunctionalInterface
    public interface Fetcher {

        /** For a storage that never evicts. */
        Fetcher NONE = (low, high, maxBytes) -> {
            throw new IllegalStateException("entries " + low + ".." + high + " are not in memory");
        };

        /**
         * Begins to read [low, high), at most so many encoded bytes but at least one entry. When it is done,
         * {@link MemoryStorage#supply} or {@link MemoryStorage#fetchFailed} is called on the consensus thread, and then the
         * core's {@code storageFetched()}. Must not block.
         */
        void fetch(long low, long high, long maxBytes);
    }

    private static final int FIRST_CAPACITY = 64;
    private static final int FETCHES_MAX = 16;
    private static final int FETCHED_RANGES_MAX = 8;
    private static final long FETCH_BYTES_MAX = 4L << 20;

    private final int entriesMax;
    private final long bytesMax;
    private final Fetcher fetcher;

    private HardState hardState = HardState.EMPTY;
    private Snapshot snapshot = Snapshot.EMPTY;
    private long base; // last index that was compacted away
    private long baseTerm;

    private Entry[] slots = new Entry[FIRST_CAPACITY]; // [start, end); a slot that was shown is never written again
    private int start;
    private int end;
    private long memoryFirst = 1; // index of the entry at start
    private long bytes; // encoded bytes in memory

    /** Runs of equal terms among the evicted entries, oldest first. */
    private record TermRun(long first, long term) {}

    private final ArrayList<TermRun> evictedTerms = new ArrayList<>();
    private final ArrayDeque<EntrySlice> fetched = new ArrayDeque<>(); // ranges of evicted entries, oldest first
    private final List<Long> fetching = new ArrayList<>(); // where ranges that were asked for begin

    /** An empty log that keeps at most so many entries and encoded bytes in memory (but always the last entry). */
    public MemoryStorage(int entriesMax, long bytesMax, Fetcher fetcher) {
        if (entriesMax < 1 || bytesMax < 1) throw new IllegalArgumentException("a bound of zero keeps nothing");
        this.entriesMax = entriesMax;
        this.bytesMax = bytesMax;
        this.fetcher = fetcher;
    }

    // What the core reads.

    @Override
    public InitialState initialState() {
        return new InitialState(hardState, snapshot.meta().confState());
    }

    @Override
    public long firstIndex() {
        return base + 1;
    }

    @Override
    public long lastIndex() {
        return memoryFirst + (end - start) - 1;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public long term(long index) {
        if (index < base) return TERM_COMPACTED;
        if (index == base) return baseTerm;
        if (index > lastIndex()) return TERM_UNAVAILABLE;
        return index >= memoryFirst ? slots[start + (int) (index - memoryFirst)].term() : evictedTerm(index);
    }

    private long evictedTerm(long index) {
        int low = 0;
        int high = evictedTerms.size() - 1;
        while (low < high) { // the last run that begins at or before the index
            int middle = (low + high + 1) >>> 1;
            if (evictedTerms.get(middle).first() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return evictedTerms.get(low).term();
    }

    @Override
    public LogRead entries(long low, long high, long maxBytes) {
        if (low <= base) return LogRead.Missing.COMPACTED;
        if (high > lastIndex() + 1) return LogRead.Missing.UNAVAILABLE;
        if (low >= high) return EntrySlice.EMPTY;
        if (low >= memoryFirst) {
            int from = start + (int) (low - memoryFirst);
            return EntrySlice.of(slots, from, from + (int) (high - low)).limit(maxBytes);
        }
        for (EntrySlice range : fetched) {
            long first = range.get(0).index();
            if (low < first || low >= first + range.size()) continue;
            int to = (int) Math.min(range.size(), high - first);
            return range.slice((int) (low - first), to).limit(maxBytes);
        }
        if (!fetching.contains(low) && fetching.size() < FETCHES_MAX) {
            fetching.add(low);
            fetcher.fetch(low, Math.min(high, memoryFirst), Math.min(maxBytes, FETCH_BYTES_MAX));
        }
        return LogRead.Missing.PENDING;
    }

    // What is told to it.

    /** Entries that were asked of the fetcher, from {@code low} on; those that were overwritten meanwhile are left out. */
    public void supply(long low, EntrySlice range) {
        fetching.remove(low);
        int valid = 0;
        while (valid < range.size()) {
            Entry entry = range.get(valid);
            Check.that(entry.index() == low + valid, "fetched entry %d where %d was asked for", entry.index(), low + valid);
            if (entry.index() <= base || entry.index() > lastIndex() || term(entry.index()) != entry.term()) break;
            valid++;
        }
        if (valid == 0) return;
        if (fetched.size() == FETCHED_RANGES_MAX) fetched.remove();
        fetched.add(range.slice(0, valid));
    }

    /** The fetcher could not read what was asked for; it will be asked again when the core asks again. */
    public void fetchFailed(long low) {
        fetching.remove(low);
    }

    /** The last hard state that is durable. */
    public void setHardState(HardState durable) {
        hardState = durable;
    }

    /** Entries that are durable now; they may overwrite a tail and may not leave a gap. */
    public void append(EntrySlice entries) {
        if (entries.isEmpty()) return;
        long first = entries.get(0).index();
        long last = first + entries.size() - 1;
        if (last <= base) return;
        if (first <= base) {
            append(entries.slice((int) (base + 1 - first), entries.size()));
            return;
        }
        Check.that(first <= lastIndex() + 1, "missing log entry [last: %d, append at: %d]", lastIndex(), first);
        if (first <= lastIndex()) truncate(first);
        if (slots.length - end < entries.size()) move(entries.size());
        entries.copyTo(slots, end);
        end += entries.size();
        bytes += entries.encodedBytes();
        evict();
    }

    private void truncate(long first) {
        fetched.removeIf(range -> range.last().index() >= first);
        if (first < memoryFirst) {
            while (!evictedTerms.isEmpty() && evictedTerms.getLast().first() >= first) evictedTerms.removeLast();
            clear(first);
            return;
        }
        int kept = start + (int) (first - memoryFirst);
        bytes -= EntrySlice.of(slots, kept, end).encodedBytes();
        end = kept;
        move(0); // the slots behind were shown
    }

    private void move(int room) {
        Entry[] fresh = new Entry[Math.max(FIRST_CAPACITY, 2 * (end - start) + room)];
        System.arraycopy(slots, start, fresh, 0, end - start);
        end -= start;
        start = 0;
        slots = fresh;
    }

    private void clear(long nextIndex) {
        slots = new Entry[FIRST_CAPACITY];
        start = 0;
        end = 0;
        bytes = 0;
        memoryFirst = nextIndex;
    }

    private void evict() {
        while (end - start > 1 && (end - start > entriesMax || bytes > bytesMax)) {
            Entry oldest = slots[start];
            if (evictedTerms.isEmpty() || evictedTerms.getLast().term() != oldest.term()) {
                evictedTerms.add(new TermRun(oldest.index(), oldest.term()));
            }
            dropOldest();
        }
    }

    private void dropOldest() {
        bytes -= slots[start].encodedBytes();
        start++;
        memoryFirst++;
    }

    /**
     * Forgets the entries up to an index that a snapshot covers and that is applied.
     *
     * @return false if they are gone already
     */
    public boolean compact(long index) {
        if (index <= base) return false;
        Check.that(index <= lastIndex(), "compact %d is out of bound lastindex(%d)", index, lastIndex());
        long term = term(index);
        while (memoryFirst <= index) dropOldest();
        if (start == end) clear(memoryFirst);
        base = index;
        baseTerm = term;
        fetched.removeIf(range -> range.get(0).index() <= index);
        while (evictedTerms.size() > 1 && evictedTerms.get(1).first() <= index + 1) evictedTerms.removeFirst();
        if (memoryFirst == base + 1) evictedTerms.clear();
        return true;
    }

    /**
     * Makes a snapshot of the state machine at an applied index; the log stays as it is.
     *
     * @return the snapshot, or null if there is one that is not older
     */
    public @Nullable Snapshot createSnapshot(long index, ConfState confState, @Nullable Bytes data) {
        if (index <= snapshot.index()) return null;
        Check.that(index <= lastIndex(), "snapshot %d is out of bound lastindex(%d)", index, lastIndex());
        snapshot = new Snapshot(new SnapshotMeta(confState, index, term(index)), data);
        return snapshot;
    }

    /**
     * Replaces everything by a snapshot that is durable. One of index 0 only carries a membership.
     *
     * @return false if there is a newer one
     */
    public boolean applySnapshot(Snapshot durable) {
        if (snapshot.index() > 0 && snapshot.index() >= durable.index()) return false;
        snapshot = durable;
        base = durable.index();
        baseTerm = durable.term();
        fetched.clear();
        evictedTerms.clear();
        clear(base + 1);
        return true;
    }

    /** Entries that are in memory. */
    public int entriesInMemory() {
        return end - start;
    }

    /** Encoded bytes of the entries that are in memory. */
    public long bytesInMemory() {
        return bytes;
    }
}
