package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A branch or leaf page as it lies in memory, or the leaf image inside an inline bucket's value. Immutable; valid as
 * long as the snapshot it was read under is pinned.
 */
final class Page {

    static final int HEADER_BYTES = 16;
    static final int ELEMENT_BYTES = 16;
    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;
    /** Leaf element flag: the value is a bucket. */
    static final int BUCKET_ELEMENT = 0x01;
    /** Bytes of a bucket value before its inline page: root and sequence. */
    static final int BUCKET_HEADER_BYTES = 16;

    static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Eight key bytes as one number that orders as they do. */
    private static final ValueLayout.OfLong ORDERED_BYTES = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    final MemorySegment memory;
    final long base;
    /** 0 for an inline page. */
    final long id;
    final boolean leaf;
    final int count;
    /** How many pages it covers, at least 1. */
    final int span;

    Page(MemorySegment memory, long base, long id, boolean leaf, int count, int span) {
        this.memory = memory;
        this.base = base;
        this.id = id;
        this.leaf = leaf;
        this.count = count;
        this.span = span;
    }

    /** The leaf image in a bucket value that begins at {@code valueAt}; its structure is checked. */
    static Page inline(MemorySegment memory, long valueAt, int valueLength, long holder) {
        long base = valueAt + BUCKET_HEADER_BYTES;
        int length = valueLength - BUCKET_HEADER_BYTES;
        if (length < HEADER_BYTES) throw BoltException.corrupt(holder, "inline bucket of " + valueLength + " bytes");
        int flags = memory.get(U16, base + 8) & 0xffff;
        if (flags != LEAF) throw BoltException.corrupt(holder, "inline bucket has unexpected type/flags: " + Integer.toHexString(flags));
        Page page = new Page(memory, base, 0, true, memory.get(U16, base + 10) & 0xffff, 1);
        page.validate(length, holder, Long.MAX_VALUE);
        return page;
    }

    int flags(int index) {
        return memory.get(U32, element(index));
    }

    boolean isBucket(int index) {
        return (flags(index) & BUCKET_ELEMENT) != 0;
    }

    long keyAt(int index) {
        long element = element(index);
        return element + Integer.toUnsignedLong(memory.get(U32, leaf ? element + 4 : element));
    }

    int keyLength(int index) {
        return memory.get(U32, leaf ? element(index) + 8 : element(index) + 4);
    }

    long valueAt(int index) {
        return keyAt(index) + keyLength(index);
    }

    int valueLength(int index) {
        return memory.get(U32, element(index) + 12);
    }

    long child(int index) {
        return memory.get(U64, element(index) + 8);
    }

    Bytes key(int index) {
        return copy(keyAt(index), keyLength(index));
    }

    Bytes value(int index) {
        return copy(valueAt(index), valueLength(index));
    }

    /** Bytes from the page's start to the end of its last key or value. */
    long usedBytes() {
        if (count == 0) return HEADER_BYTES;
        int last = count - 1;
        long end = leaf ? valueAt(last) + valueLength(last) : keyAt(last) + keyLength(last);
        return end - base;
    }

    /** Index of the key, or {@code -(insertion point) - 1}. */
    int search(MemorySegment key, long keyAt, int keyLength) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long element = element(middle) + (leaf ? 4 : 0);
            long place = memory.get(U64, element); // pos and key length lie side by side
            long at = element(middle) + (place & 0xffffffffL);
            int order = compare(memory, at, (int) (place >>> 32), key, keyAt, keyLength);
            if (order < 0) low = middle + 1;
            else if (order > 0) high = middle - 1;
            else return middle;
        }
        return -low - 1;
    }

    /** The branch element to follow for a key: the last with a key at most that, else the first. */
    int childFor(MemorySegment key, long keyAt, int keyLength) {
        int found = search(key, keyAt, keyLength);
        return found >= 0 ? found : Math.max(-found - 2, 0);
    }

    /** Unsigned byte order, a shorter prefix first. */
    static int compare(MemorySegment a, long aAt, int aLength, MemorySegment b, long bAt, int bLength) {
        int common = Math.min(aLength, bLength);
        int index = 0;
        for (; index + Long.BYTES <= common; index += Long.BYTES) {
            long x = a.get(ORDERED_BYTES, aAt + index);
            long y = b.get(ORDERED_BYTES, bAt + index);
            if (x != y) return Long.compareUnsigned(x, y);
        }
        for (; index < common; index++) {
            int order = (a.get(ValueLayout.JAVA_BYTE, aAt + index) & 0xff) - (b.get(ValueLayout.JAVA_BYTE, bAt + index) & 0xff);
            if (order != 0) return order;
        }
        return Integer.compare(aLength, bLength);
    }

    /**
     * Checks that every element lies inside the page, keys ascend strictly and children are possible ids, so that
     * everything else here may trust the offsets.
     *
     * @param length bytes of the page
     * @param name the page to name in an error
     * @param hwm ids from here on do not exist
     */
    void validate(long length, long name, long hwm) {
        if (HEADER_BYTES + (long) count * ELEMENT_BYTES > length) throw BoltException.corrupt(name, count + " elements do not fit");
        if (!leaf && count == 0) throw BoltException.corrupt(name, "branch without elements");
        long end = base + length;
        long dataFrom = base + HEADER_BYTES + (long) count * ELEMENT_BYTES;
        for (int index = 0; index < count; index++) {
            long keyAt = keyAt(index);
            long keyLength = Integer.toUnsignedLong(keyLength(index));
            long dataLength = leaf ? keyLength + Integer.toUnsignedLong(valueLength(index)) : keyLength;
            if (keyAt < dataFrom || keyAt + dataLength > end) throw BoltException.corrupt(name, "element " + index + " lies outside");
            if (!leaf && (child(index) < 2 || child(index) >= hwm)) {
                throw BoltException.corrupt(name, "element " + index + " points to page " + Long.toUnsignedString(child(index)));
            }
            if (leaf && isBucket(index) && valueLength(index) < BUCKET_HEADER_BYTES) {
                throw BoltException.corrupt(name, "element " + index + " is a bucket of " + valueLength(index) + " bytes");
            }
            if (index > 0 && compare(memory, keyAt(index - 1), keyLength(index - 1), memory, keyAt, (int) keyLength) >= 0) {
                throw BoltException.corrupt(name, "keys " + (index - 1) + " and " + index + " are out of order");
            }
        }
    }

    private long element(int index) {
        return base + HEADER_BYTES + (long) index * ELEMENT_BYTES;
    }

    private Bytes copy(long at, int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, copy, 0, length);
        return Bytes.of(copy);
    }
}
