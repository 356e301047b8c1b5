package io.binnacle.raft;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * An immutable run of entries: a window on an array whose slots, once shown, are never written again. Taking a window
 * copies nothing, so that one batch can be on its way to the disk and to every follower at once.
 */
public final class EntrySlice extends AbstractList<Entry> implements LogRead, RandomAccess {

    /** No entry. */
    public static final EntrySlice EMPTY = new EntrySlice(new Entry[0], 0, 0);

    private final Entry[] array;
    private final int from;
    private final int size;

    private EntrySlice(Entry[] array, int from, int size) {
        this.array = array;
        this.from = from;
        this.size = size;
    }

    /** Takes over the array: nobody writes to it again. */
    public static EntrySlice of(Entry... array) {
        return array.length == 0 ? EMPTY : new EntrySlice(array, 0, array.length);
    }

    /** Takes over the slots [from, to) of the array: nobody writes to them again. */
    public static EntrySlice of(Entry[] array, int from, int to) {
        if (from < 0 || to < from || to > array.length) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + array.length);
        }
        return from == to ? EMPTY : new EntrySlice(array, from, to - from);
    }

    /** Copies a list. */
    public static EntrySlice copyOf(List<Entry> entries) {
        return entries instanceof EntrySlice slice ? slice : of(entries.toArray(new Entry[0]));
    }

    @Override
    public Entry get(int index) {
        if (index < 0 || index >= size) throw new IndexOutOfBoundsException(index + " of " + size);
        return array[from + index];
    }

    @Override
    public int size() {
        return size;
    }

    /** The last entry; there must be one. */
    public Entry last() {
        return get(size - 1);
    }

    /** The entries [low, high) by position. */
    public EntrySlice slice(int low, int high) {
        if (low < 0 || high < low || high > size) throw new IndexOutOfBoundsException(low + ".." + high + " of " + size);
        if (low == 0 && high == size) return this;
        return of(array, from + low, from + high);
    }

    /** The longest beginning of at most {@code maxBytes} encoded bytes, but at least one entry if there is one. */
    public EntrySlice limit(long maxBytes) {
        if (size == 0 || maxBytes == Long.MAX_VALUE) return this;
        long bytes = 0;
        for (int at = 0; at < size; at++) {
            bytes += array[from + at].encodedBytes();
            if (bytes > maxBytes && at > 0) return slice(0, at);
        }
        return this;
    }

    /** Sum of the encoded sizes. */
    public long encodedBytes() {
        long bytes = 0;
        for (int at = 0; at < size; at++) bytes += array[from + at].encodedBytes();
        return bytes;
    }

    /** Sum of the sizes of the data. */
    public long dataBytes() {
        long bytes = 0;
        for (int at = 0; at < size; at++) bytes += array[from + at].dataBytes();
        return bytes;
    }

    /** This followed by another slice, copied. */
    public EntrySlice join(EntrySlice next) {
        if (size == 0) return next;
        if (next.size == 0) return this;
        Entry[] both = new Entry[size + next.size];
        copyTo(both, 0);
        next.copyTo(both, size);
        return of(both);
    }

    /** Copies all entries to {@code target} from {@code at} on. */
    public void copyTo(Entry[] target, int at) {
        System.arraycopy(array, from, target, at, size);
    }
}
