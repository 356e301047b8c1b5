package io.binnacle.bolt;

import io.binnacle.io.PageSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The pages of one open file. A page's structure is checked when it is first loaded and again after the writer replaced
 * it. Safe for all threads; {@link #written} and {@link #reserve} are the writer's.
 */
final class Pages {

    private static final int WORDS_MIN = 1024;

    final int pageSize;
    private final PageSource source;
    /** A bit per page id: structure checked. Replaced by a longer one as the file grows; a lost bit costs one more check. */
    private volatile AtomicLongArray checked = new AtomicLongArray(WORDS_MIN);

    Pages(PageSource source, int pageSize) {
        this.source = source;
        this.pageSize = pageSize;
    }

    /**
     * A branch or leaf page.
     *
     * @param hwm of the snapshot read under: ids from here on do not exist
     * @throws BoltException if it is not a sound branch or leaf page, or the disk failed
     */
    Page load(long id, long hwm) {
        if (id < 2 || id >= hwm) throw BoltException.corrupt(id, "is referenced but lies outside 2.." + hwm);
        MemorySegment memory = bytes(id * pageSize, pageSize);
        int overflow = memory.get(Page.U32, 12);
        boolean sound = isChecked(id);
        if (!sound) checkHeader(memory, id, hwm);
        int span = 1 + overflow;
        if (overflow != 0) memory = bytes(id * pageSize, (long) span * pageSize);
        boolean leaf = memory.get(Page.U16, 8) == Page.LEAF;
        Page page = new Page(memory, 0, id, leaf, memory.get(Page.U16, 10) & 0xffff, span);
        if (!sound) {
            page.validate((long) span * pageSize, id, hwm);
            markChecked(id);
        }
        return page;
    }

    /** Raw bytes of the file within the committed length. */
    MemorySegment bytes(long offset, long length) {
        try {
            return source.read(offset, length);
        } catch (IOException e) {
            throw BoltException.disk("read of page " + offset / pageSize, e);
        }
    }

    /** Forgets that these pages were checked, since their bytes change. */
    void written(long id, int span) {
        AtomicLongArray bits = checked;
        for (long page = id; page < id + span && page >>> 6 < bits.length(); page++) {
            bits.getAndAccumulate((int) (page >>> 6), ~(1L << page), (now, mask) -> now & mask);
        }
    }

    /** Makes room to remember checks of pages below {@code hwm}. */
    void reserve(long hwm) {
        AtomicLongArray bits = checked;
        int words = Math.toIntExact((hwm >>> 6) + 1);
        if (words <= bits.length()) return;
        AtomicLongArray longer = new AtomicLongArray(Math.max(words, bits.length() * 2));
        for (int word = 0; word < bits.length(); word++) longer.setPlain(word, bits.get(word));
        checked = longer;
    }

    private static void checkHeader(MemorySegment memory, long id, long hwm) {
        long self = memory.get(Page.U64, 0);
        if (self != id) throw BoltException.corrupt(id, "self identifies as " + Long.toUnsignedString(self));
        int flags = memory.get(Page.U16, 8) & 0xffff;
        if (flags != Page.BRANCH && flags != Page.LEAF) {
            throw BoltException.corrupt(id, "has unexpected type/flags: " + Integer.toHexString(flags));
        }
        long overflow = Integer.toUnsignedLong(memory.get(Page.U32, 12));
        if (id + overflow >= hwm || overflow == Integer.MAX_VALUE) {
            throw BoltException.corrupt(id, "overflows by " + overflow + " pages past " + hwm);
        }
    }

    private boolean isChecked(long id) {
        AtomicLongArray bits = checked;
        int word = (int) (id >>> 6);
        return word < bits.length() && (bits.get(word) >>> id & 1) != 0;
    }

    private void markChecked(long id) {
        AtomicLongArray bits = checked;
        int word = (int) (id >>> 6);
        if (word < bits.length()) bits.getAndAccumulate(word, 1L << id, (now, bit) -> now | bit);
    }
}
