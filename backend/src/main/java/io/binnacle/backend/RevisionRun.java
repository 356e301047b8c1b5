package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Revisions with ascending keys, packed: two numbers and a reference each, in chunks that are only ever appended to. A
 * captured run is the list of chunks and a count; slots past the count may be written later, and its readers never look
 * there. One thread appends; captured runs are for all threads once published.
 */
final class RevisionRun {

    private static final int CHUNK_BITS = 8;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final long SUB_MAX = Long.MAX_VALUE >>> 1;

    private static final class Chunk {
        final long[] mains = new long[CHUNK];
        /** Sub number times two, plus one for a tombstone: ordered as the keys are. */
        final long[] marks = new long[CHUNK];
        final @Nullable Bytes[] values = new @Nullable Bytes[CHUNK];
    }

    private Chunk[] chunks = new Chunk[4];
    private int count;
    private long lastMain = -1;
    private long lastMark;

    /** Whether the key has the shape of a revision and comes after all that are here. */
    boolean accepts(Bytes key) {
        if (!RevisionKey.is(key)) return false;
        long main = RevisionKey.main(key);
        long sub = RevisionKey.sub(key);
        if (main < 0 || sub < 0 || sub > SUB_MAX) return false;
        return main > lastMain || (main == lastMain && mark(key, sub) > lastMark);
    }

    /** Appends a pair whose key is accepted. */
    void append(Bytes key, Bytes value) {
        int chunk = count >> CHUNK_BITS;
        if (chunk == chunks.length) chunks = Arrays.copyOf(chunks, chunk * 2);
        int at = count & (CHUNK - 1);
        if (at == 0) chunks[chunk] = new Chunk();
        Chunk last = chunks[chunk];
        lastMain = RevisionKey.main(key);
        lastMark = mark(key, RevisionKey.sub(key));
        last.mains[at] = lastMain;
        last.marks[at] = lastMark;
        last.values[at] = value;
        count++;
    }

    /** Everything so far, never to change. */
    Captured capture() {
        return new Captured(chunks, count);
    }

    private static long mark(Bytes key, long sub) {
        return sub << 1 | (RevisionKey.isTombstone(key) ? 1 : 0);
    }

    /** The first {@code count} revisions of a run. Immutable. */
    static final class Captured {
        private final Chunk[] chunks;
        private final int count;

        private Captured(Chunk[] chunks, int count) {
            this.chunks = chunks;
            this.count = count;
        }

        int count() {
            return count;
        }

        Bytes key(int at) {
            Chunk chunk = chunks[at >> CHUNK_BITS];
            int slot = at & (CHUNK - 1);
            long sub = chunk.marks[slot] >>> 1;
            boolean tombstone = (chunk.marks[slot] & 1) != 0;
            return tombstone ? RevisionKey.tombstone(chunk.mains[slot], sub) : RevisionKey.put(chunk.mains[slot], sub);
        }

        Bytes value(int at) {
            Bytes value = chunks[at >> CHUNK_BITS].values[at & (CHUNK - 1)];
            if (value == null) throw new IllegalStateException("a captured slot is empty");
            return value;
        }

        /** The value of a key, null if it is not here. */
        @Nullable Bytes find(Bytes key) {
            if (count == 0 || !RevisionKey.is(key)) return null;
            long main = RevisionKey.main(key);
            long sub = RevisionKey.sub(key);
            return sub < 0 || sub > SUB_MAX ? null : find(main, mark(key, sub));
        }

        /** The value of a revision that is no tombstone, null if it is not here. */
        @Nullable Bytes findPut(long main, long sub) {
            return count == 0 || sub < 0 || sub > SUB_MAX ? null : find(main, sub << 1);
        }

        private @Nullable Bytes find(long main, long mark) {
            if (main < chunks[0].mains[0] || main > chunks[(count - 1) >> CHUNK_BITS].mains[(count - 1) & (CHUNK - 1)]) {
                return null;
            }
            int at = lowerBound(main, mark);
            if (at == count) return null;
            Chunk chunk = chunks[at >> CHUNK_BITS];
            int slot = at & (CHUNK - 1);
            return chunk.mains[slot] == main && chunk.marks[slot] == mark ? chunk.values[slot] : null;
        }

        /** Index of the first key that is at least the given one, which may have any shape. */
        int lowerBound(Bytes key) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (key(middle).compareTo(key) < 0) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        private int lowerBound(long main, long mark) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                Chunk chunk = chunks[middle >> CHUNK_BITS];
                int slot = middle & (CHUNK - 1);
                boolean less = chunk.mains[slot] < main || (chunk.mains[slot] == main && chunk.marks[slot] < mark);
                if (less) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
