package io.binnacle.bolt;

import java.util.BitSet;

/**
 * The stored list of free and pending pages: count ids of 8 bytes, ascending, after the page header. From 65,535 ids on
 * the header's count is 0xFFFF and the first number is the true one.
 */
final class FreelistPage {

    private static final int COUNT_OVERFLOW = 0xFFFF;

    private FreelistPage() {}

    /** Pages that a list of {@code count} ids takes: one more than needed when it fits exactly, as bbolt's estimate has it. */
    static int span(long count, int pageSize) {
        long size = Page.HEADER_BYTES + Long.BYTES * count + (count >= COUNT_OVERFLOW ? Long.BYTES : 0);
        return Math.toIntExact(size / pageSize + 1);
    }

    static void write(PageSink sink, long id, int span, BitSet ids) {
        int count = ids.cardinality();
        sink.header(id, Page.FREELIST, Math.min(count, COUNT_OVERFLOW), span - 1);
        if (count >= COUNT_OVERFLOW) sink.number(count);
        for (int page = ids.nextSetBit(0); page >= 0; page = ids.nextSetBit(page + 1)) sink.number(page);
        sink.pad(id + span - 1);
    }

    /** The ids of a stored list. */
    static BitSet read(Pages pages, long id, long hwm) {
        if (id < 2 || id >= hwm) throw BoltException.corrupt(id, "freelist lies outside 2.." + hwm);
        var memory = pages.bytes(id * pages.pageSize, pages.pageSize);
        int flags = memory.get(Page.U16, 8) & 0xffff;
        if (flags != Page.FREELIST) throw BoltException.corrupt(id, "invalid freelist page, page type is " + Integer.toHexString(flags));
        memory = pages.bytes(id * pages.pageSize, (long) spanOf(pages, id, hwm) * pages.pageSize);
        long count = memory.get(Page.U16, 10) & 0xffff;
        long at = Page.HEADER_BYTES;
        if (count == COUNT_OVERFLOW) {
            count = memory.get(Page.U64, at);
            at += Long.BYTES;
        }
        if (count < 0 || count > (memory.byteSize() - at) / Long.BYTES) throw BoltException.corrupt(id, "freelist of " + count + " ids does not fit");
        BitSet ids = new BitSet();
        for (long index = 0; index < count; index++) {
            long free = memory.get(Page.U64, at + Long.BYTES * index);
            if (free < 2 || free >= hwm) throw BoltException.corrupt(id, "freelist holds page " + Long.toUnsignedString(free));
            if (ids.get((int) free)) throw BoltException.corrupt(id, "freelist holds page " + free + " twice");
            ids.set((int) free);
        }
        return ids;
    }

    /** Pages that a stored list covers. */
    static int spanOf(Pages pages, long id, long hwm) {
        long span = 1 + Integer.toUnsignedLong(pages.bytes(id * pages.pageSize, pages.pageSize).get(Page.U32, 12));
        if (id + span > hwm) throw BoltException.corrupt(id, "freelist reaches past " + hwm);
        return (int) span;
    }
}
