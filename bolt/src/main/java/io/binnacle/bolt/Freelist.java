package io.binnacle.bolt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

/**
 * Which pages the writer may use: the free ones, and the pending ones that some snapshot may still reach. Owned by the
 * writer's thread.
 *
 * <p>Invariants: no id is both free and pending or pending twice; ids 0 and 1 are neither.
 */
final class Freelist {

    /** Spans from this length on share one hint. */
    private static final int HINTS = 64;

    private final BitSet free = new BitSet();
    private int freeCount;
    /** Ascending by transaction. */
    private final List<Pending> pending = new ArrayList<>();
    private int pendingCount;
    /** For span length n: no free run of n pages or more starts below {@code hints[n]}. */
    private final int[] hints = new int[HINTS];
    /** Lowest page added since the hints were last brought up to date: a run it completes starts less than a span before it. */
    private int lowestAdded = Integer.MAX_VALUE;
    /** By first page of a span: the transaction of this open file that took it from the free ones, 0 if none. */
    private long[] allocatedBy = new long[0];

    /** Pages freed by one transaction, with the transactions that had allocated them. */
    private static final class Pending {
        final long txid;
        long[] ids = new long[16];
        long[] allocatedBy = new long[16];
        int count;
        /** Start of the last gap that was tried: nothing more comes free until another reader leaves. */
        long lastGapBegin = -1;

        Pending(long txid) {
            this.txid = txid;
        }

        void add(long id, long allocator) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
                allocatedBy = Arrays.copyOf(allocatedBy, count * 2);
            }
            ids[count] = id;
            allocatedBy[count++] = allocator;
        }
    }

    /** Pages that may be used now. */
    int freeCount() {
        return freeCount;
    }

    /** Pages that snapshots may still reach. */
    int pendingCount() {
        return pendingCount;
    }

    boolean isFree(long id) {
        return free.get((int) id);
    }

    /** Adds a free page at load. */
    void add(long id) {
        int at = Math.toIntExact(id);
        if (free.get(at)) return;
        free.set(at);
        freeCount++;
        lowestAdded = Math.min(lowestAdded, at);
    }

    /**
     * Takes the lowest run of {@code span} pages for a transaction.
     *
     * @return its first page, or 0 if there is none
     */
    long allocate(long txid, int span) {
        int start = firstFit(span);
        if (start < 0) return 0;
        free.clear(start, start + span);
        freeCount -= span;
        remember(start, txid);
        return start;
    }

    /** Where {@link #allocate} would go, -1 for nowhere. */
    private int firstFit(int span) {
        if (lowestAdded != Integer.MAX_VALUE) {
            for (int each = 1; each < HINTS; each++) hints[each] = Math.min(hints[each], Math.max(lowestAdded - each + 1, 0));
            lowestAdded = Integer.MAX_VALUE;
        }
        int hint = Math.min(span, HINTS - 1);
        int start = free.nextSetBit(hints[hint]);
        while (start >= 0) {
            int end = free.nextClearBit(start);
            if (end - start >= span) {
                if (span < HINTS) hints[span] = start;
                return start;
            }
            start = free.nextSetBit(end);
        }
        if (span < HINTS) hints[span] = free.length();
        return -1;
    }

    /** Makes the pages of a span pending under the transaction that gave them up. */
    void free(long txid, long id, int span) {
        free(txid, id, span, 0);
    }

    /** The same, with the allocator to assume if the page was not taken from here since the file was opened. */
    void free(long txid, long id, int span, long otherwise) {
        int at = (int) id;
        long allocator = otherwise;
        if (at < allocatedBy.length && allocatedBy[at] != 0) {
            allocator = allocatedBy[at];
            allocatedBy[at] = 0;
        }
        Pending mine = pending.isEmpty() ? null : pending.getLast();
        if (mine == null || mine.txid != txid) {
            mine = new Pending(txid);
            pending.add(mine);
        }
        for (long page = id; page < id + span; page++) mine.add(page, allocator);
        pendingCount += span;
    }

    /** Undoes the frees of a transaction that is given up. */
    void forget(long txid) {
        if (pending.isEmpty() || pending.getLast().txid != txid) return;
        Pending mine = pending.removeLast();
        pendingCount -= mine.count;
        for (int index = 0; index < mine.count; index++) {
            if (mine.allocatedBy[index] != 0) remember((int) mine.ids[index], mine.allocatedBy[index]);
        }
    }

    /**
     * Frees what no snapshot can reach.
     *
     * @param readers transactions of the open snapshots, ascending
     */
    void release(long[] readers) {
        long begin = readers.length == 0 ? Long.MAX_VALUE : readers[0];
        releaseUpTo(begin - 1);
        for (long reader : readers) {
            releaseGap(begin, reader - 1);
            begin = reader + 1;
        }
        if (readers.length > 0) releaseGap(begin, Long.MAX_VALUE);
    }

    private void releaseUpTo(long txid) {
        for (Iterator<Pending> each = pending.iterator(); each.hasNext();) {
            Pending one = each.next();
            if (one.txid > txid) break;
            for (int index = 0; index < one.count; index++) add(one.ids[index]);
            pendingCount -= one.count;
            each.remove();
        }
    }

    /** Frees pages that were both allocated and given up inside a gap between readers. */
    private void releaseGap(long begin, long end) {
        if (begin > end) return;
        for (Iterator<Pending> each = pending.iterator(); each.hasNext();) {
            Pending one = each.next();
            if (one.txid < begin || one.lastGapBegin == begin) continue;
            if (one.txid > end) break;
            int kept = 0;
            for (int index = 0; index < one.count; index++) {
                long allocator = one.allocatedBy[index];
                if (allocator >= begin && allocator <= end) {
                    add(one.ids[index]);
                    continue;
                }
                one.ids[kept] = one.ids[index];
                one.allocatedBy[kept++] = allocator;
            }
            pendingCount -= one.count - kept;
            one.count = kept;
            one.lastGapBegin = begin;
            if (kept == 0) each.remove();
        }
    }

    /**
     * Drops the free pages at the end of the file.
     *
     * @return the new high-water mark
     */
    long trim(long hwm) {
        int end = free.previousClearBit((int) hwm - 1) + 1;
        free.clear(end, (int) hwm);
        freeCount -= (int) hwm - end;
        return end;
    }

    /** Free and pending pages together, as a stored list holds them. */
    BitSet all() {
        BitSet all = (BitSet) free.clone();
        for (Pending one : pending) {
            for (int index = 0; index < one.count; index++) all.set((int) one.ids[index]);
        }
        return all;
    }

    /** A copy of the free pages, to try allocations on. */
    BitSet freeCopy() {
        return (BitSet) free.clone();
    }

    private void remember(int id, long txid) {
        if (id >= allocatedBy.length) allocatedBy = Arrays.copyOf(allocatedBy, Math.max(id + 1024, id + id / 2));
        allocatedBy[id] = txid;
    }
}
