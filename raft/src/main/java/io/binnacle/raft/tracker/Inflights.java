package io.binnacle.raft.tracker;

import io.binnacle.base.Check;
import java.util.Arrays;

/**
 * The appends on their way to one member, oldest first: a ring of (last index, data bytes), bounded in number and bytes.
 * The ring starts small and grows with use, so that a group that never has many in flight never pays for the limit.
 */
public final class Inflights {

    private static final int FIRST_CAPACITY = 16;

    private final int messagesMax;
    private final long bytesMax;
    private long[] lastIndexes;
    private long[] sizes;
    private int start;
    private int count;
    private long bytes; // sum of the sizes held

    /** An empty ring for at most {@code messagesMax} appends and {@code bytesMax} bytes (passed by the last one). */
    public Inflights(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
        int capacity = Math.min(messagesMax, FIRST_CAPACITY);
        lastIndexes = new long[capacity];
        sizes = new long[capacity];
    }

    /** Whether nothing more may be sent. */
    public boolean isFull() {
        return count == messagesMax || bytes >= bytesMax;
    }

    /** How many are on their way. */
    public int count() {
        return count;
    }

    /** Takes note of an append whose last entry has this index; indexes ascend. */
    public void add(long lastIndex, long dataBytes) {
        Check.that(!isFull(), "cannot add into a full in-flight window");
        if (count == lastIndexes.length) grow();
        int slot = (start + count) % lastIndexes.length;
        lastIndexes[slot] = lastIndex;
        sizes[slot] = dataBytes;
        count++;
        bytes += dataBytes;
    }

    /** Forgets all appends up to this index: they have arrived. */
    public void freeTo(long index) {
        while (count > 0 && lastIndexes[start] <= index) {
            bytes -= sizes[start];
            start = (start + 1) % lastIndexes.length;
            count--;
        }
        if (count == 0) start = 0;
    }

    /** Forgets all. */
    public void reset() {
        start = 0;
        count = 0;
        bytes = 0;
    }

    private void grow() {
        int capacity = (int) Math.min(messagesMax, 2L * lastIndexes.length);
        lastIndexes = unrolled(lastIndexes, capacity);
        sizes = unrolled(sizes, capacity);
        start = 0;
    }

    private long[] unrolled(long[] ring, int capacity) {
        long[] larger = Arrays.copyOfRange(ring, start, start + capacity);
        System.arraycopy(ring, 0, larger, ring.length - start, start);
        return larger;
    }
}
