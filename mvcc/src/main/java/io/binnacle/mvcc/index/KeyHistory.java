package io.binnacle.mvcc.index;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The revisions of a key before its newest one, ascending, as some version of the tree sees them.
 *
 * <p>The revisions lie in chunks that all versions share. Only the writer appends, always to the newest version, and
 * behind what any older version reads: each version knows how much of the last chunk is its own. So one more revision
 * costs the same however many there are. Chunks are found backwards by jumps, in steps that grow with the logarithm
 * of their number (a skew-binary list).
 */
final class KeyHistory {

    private static final int FIRST_CAPACITY = 2;
    private static final int CAPACITY_MAX = 128;

    /** The last chunk. */
    private final Chunk tail;
    /** Revisions of the last chunk that belong to this version; all chunks before are full. */
    private final int used;

    private KeyHistory(Chunk tail, int used) {
        this.tail = tail;
        this.used = used;
    }

    /** Full but for the last of a list. {@code revisions} is shared and only written behind what anyone reads. */
    private static final class Chunk {
        final long[] revisions;
        final @Nullable Chunk previous;
        final @Nullable Chunk jump;
        final int ordinal;

        Chunk(long[] revisions, @Nullable Chunk previous) {
            this.revisions = revisions;
            this.previous = previous;
            this.ordinal = previous == null ? 0 : previous.ordinal + 1;
            this.jump = jumpFrom(previous);
        }

        private static @Nullable Chunk jumpFrom(@Nullable Chunk previous) {
            if (previous == null || previous.jump == null) return previous;
            Chunk near = previous.jump;
            int nearStep = previous.ordinal - near.ordinal;
            int farStep = near.jump == null ? -1 : near.ordinal - near.jump.ordinal;
            return nearStep == farStep ? near.jump : previous;
        }

        int capacity() {
            return revisions.length / KeyRevision.LONGS;
        }

        long firstMain() {
            return revisions[0];
        }
    }

    /** One revision more, taken from a slot of a packed array. */
    static KeyHistory append(@Nullable KeyHistory before, long[] from, int slot) {
        Chunk chunk;
        int at;
        if (before == null) {
            chunk = new Chunk(new long[FIRST_CAPACITY * KeyRevision.LONGS], null);
            at = 0;
        } else if (before.used < before.tail.capacity()) {
            chunk = before.tail;
            at = before.used;
        } else {
            int capacity = Math.min(CAPACITY_MAX, Math.max(FIRST_CAPACITY, before.tail.capacity() * 2));
            chunk = new Chunk(new long[capacity * KeyRevision.LONGS], before.tail);
            at = 0;
        }
        System.arraycopy(from, slot * KeyRevision.LONGS, chunk.revisions, at * KeyRevision.LONGS, KeyRevision.LONGS);
        return new KeyHistory(chunk, at + 1);
    }

    /** The newest revision not above {@code at}, a tombstone perhaps; false if the key began later. */
    boolean read(long at, KeyRevision into) {
        Chunk chunk = chunkOf(at);
        if (chunk == null) return false;
        into.read(chunk.revisions, placeIn(chunk, at));
        return true;
    }

    /** The last chunk that begins at or below the revision. */
    private @Nullable Chunk chunkOf(long at) {
        Chunk chunk = tail;
        while (chunk != null && chunk.firstMain() > at) {
            chunk = chunk.jump != null && chunk.jump.firstMain() > at ? chunk.jump : chunk.previous;
        }
        return chunk;
    }

    /** The last place in the chunk whose revision is not above {@code at}; the first one is not. */
    private int placeIn(Chunk chunk, long at) {
        int low = 0;
        int high = chunk == tail ? used : chunk.capacity();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (KeyRevision.main(chunk.revisions, middle) <= at) low = middle;
            else high = middle;
        }
        return low;
    }

    /**
     * What a compaction leaves: the newest revision not above it, unless that is a tombstone below it, and all later
     * ones. This history itself if nothing goes, null if nothing stays. Costs the chunk that is cut, and a link for
     * each later one; older versions keep theirs.
     */
    @Nullable KeyHistory trimmed(long compactRevision) {
        Chunk cut = chunkOf(compactRevision);
        if (cut == null) return this;
        int from = placeIn(cut, compactRevision);
        if (KeyRevision.tombstone(cut.revisions, from)
                && KeyRevision.main(cut.revisions, from) < compactRevision) {
            from++;
        }
        if (from == 0 && cut.previous == null) return this;
        Deque<Chunk> later = new ArrayDeque<>();
        for (Chunk chunk = tail; chunk != null && chunk != cut; chunk = chunk.previous) later.push(chunk);
        int size = cut == tail ? used : cut.capacity();
        Chunk last = null;
        if (from < size) {
            last = new Chunk(Arrays.copyOfRange(cut.revisions, from * KeyRevision.LONGS, size * KeyRevision.LONGS), null);
        }
        for (Chunk chunk : later) last = new Chunk(chunk.revisions, last);
        if (last == null) return null;
        return new KeyHistory(last, later.isEmpty() ? last.capacity() : used);
    }
}
