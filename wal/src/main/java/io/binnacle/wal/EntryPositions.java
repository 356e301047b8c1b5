package io.binnacle.wal;

import io.binnacle.base.Check;
import org.jspecify.annotations.Nullable;

/**
 * Where each entry's valid record lies: consecutive indexes, a segment, an offset and the checksum accumulator before
 * it, 20 bytes an entry. Bounded by {@link #dropBefore}, which follows the release of segments.
 */
final class EntryPositions {

    /** The index of the first one; the arrays hold {@code size} from {@code head} on. */
    private long firstIndex;
    private int head;
    private int size;
    private SegmentName[] segments = new SegmentName[64];
    private long[] offsets = new long[64];
    private int[] crcs = new int[64];

    /** A place in the log. */
    record Position(SegmentName segment, long offset, int crcBefore) {}

    /** The entry at {@code index} is now here, and none above it is valid any more; a gap below it forgets the rest. */
    void put(long index, SegmentName segment, long offset, int crcBefore) {
        if (size == 0 || index < firstIndex || index > firstIndex + size) {
            firstIndex = index;
            head = 0;
            size = 0;
        }
        int at = head + (int) (index - firstIndex);
        if (at == offsets.length) at = makeRoom(at);
        segments[at] = segment;
        offsets[at] = offset;
        crcs[at] = crcBefore;
        size = at - head + 1;
    }

    private int makeRoom(int at) {
        int moved = at - head;
        int capacity = head > offsets.length / 2 ? offsets.length : Math.max(64, offsets.length * 2);
        SegmentName[] newSegments = new SegmentName[capacity];
        long[] newOffsets = new long[capacity];
        int[] newCrcs = new int[capacity];
        System.arraycopy(segments, head, newSegments, 0, moved);
        System.arraycopy(offsets, head, newOffsets, 0, moved);
        System.arraycopy(crcs, head, newCrcs, 0, moved);
        segments = newSegments;
        offsets = newOffsets;
        crcs = newCrcs;
        head = 0;
        return moved;
    }

    @Nullable Position get(long index) {
        if (index < firstIndex || index >= firstIndex + size) return null;
        int at = head + (int) (index - firstIndex);
        return new Position(segments[at], offsets[at], crcs[at]);
    }

    /** Forgets the entries of segments before this one. */
    void dropBefore(SegmentName segment) {
        while (size > 0 && segments[head].sequence() < segment.sequence()) {
            head++;
            size--;
            firstIndex++;
        }
        Check.that(size >= 0, "negative count of positions");
        if (size == 0) head = 0;
    }
}
