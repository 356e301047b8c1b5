package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the pages that one step of online defragmentation rewrites: those with the highest ids, as long as there are
 * free pages below for them and for the pages above them in their trees. Reads all branch pages, and of leaves only
 * those it may move. Owned by the writer's thread.
 */
final class Relocation {

    /**
     * A page to be rewritten.
     *
     * @param bucket the bucket it belongs to, null for the bucket of buckets
     * @param firstKey a key whose path leads to it
     * @param span pages it covers
     */
    record Move(@Nullable Bytes bucket, Bytes firstKey, long pageId, int span) {}

    /** A page with the way to it: all of the way is rewritten with the page. */
    private record Place(Move move, @Nullable Place above) {}

    private final Pages pages;
    private final Meta base;
    private final BitSet free;
    /** Where the file would end if all were packed: only pages from here on are worth moving. */
    private final long packedEnd;
    /** The highest candidates so far, lowest of them first. */
    private final PriorityQueue<Place> highest = new PriorityQueue<>(Comparator.comparingLong(place -> place.move().pageId()));
    private int wanted;

    Relocation(Pages pages, Freelist freelist, Meta base, long hwm) {
        this.pages = pages;
        this.base = base;
        this.free = freelist.freeCopy();
        this.packedEnd = hwm - freelist.freeCount() - freelist.pendingCount();
    }

    /** At most {@code maxPages} pages, highest first. */
    List<Move> choose(int maxPages) {
        wanted = maxPages;
        if (free.isEmpty() || maxPages <= 0) return List.of();
        visit(new Place(new Move(null, Bytes.EMPTY, base.root(), 1), null));
        List<Place> candidates = new ArrayList<>(highest);
        candidates.sort(Comparator.comparingLong((Place place) -> place.move().pageId()).reversed());
        List<Move> chosen = new ArrayList<>();
        Set<Long> rewritten = new HashSet<>();
        int moved = 0;
        for (Place place : candidates) {
            if (moved >= maxPages) break;
            Move move = place.move();
            if (!take(move.span(), move.pageId())) continue; // no run that long below: a shorter one may still fit
            rewritten.add(move.pageId());
            if (!takeWay(place.above(), rewritten)) break;
            chosen.add(move);
            moved += move.span();
        }
        return chosen;
    }

    private boolean takeWay(@Nullable Place from, Set<Long> rewritten) {
        for (Place above = from; above != null; above = above.above()) {
            if (rewritten.add(above.move().pageId()) && !take(above.move().span(), Long.MAX_VALUE)) return false;
        }
        return true;
    }

    /** Tries the allocation that the rewriting will make: lowest first fit, ending below a page. */
    private boolean take(int span, long below) {
        int start = free.nextSetBit(0);
        while (start >= 0 && start + (long) span <= below) {
            int end = free.nextClearBit(start);
            if (end - start >= span) {
                free.clear(start, start + span);
                return true;
            }
            start = free.nextSetBit(end);
        }
        return false;
    }

    private void visit(Place unsized) {
        Page page = pages.load(unsized.move().pageId(), base.hwm());
        Move sized = new Move(unsized.move().bucket(), unsized.move().firstKey(), page.id, page.span);
        Place place = new Place(sized, unsized.above());
        if (page.id >= packedEnd) offer(place);
        if (page.leaf) {
            if (sized.bucket() == null) visitBuckets(page, place);
            return;
        }
        boolean childrenAreLeaves = pages.load(page.child(0), base.hwm()).leaf; // all leaves lie equally deep
        boolean skipLow = childrenAreLeaves && sized.bucket() != null;
        for (int index = 0; index < page.count; index++) {
            long child = page.child(index);
            if (skipLow && child < packedEnd) continue;
            visit(new Place(new Move(sized.bucket(), page.key(index), child, 1), place));
        }
    }

    private void visitBuckets(Page leaf, Place place) {
        for (int index = 0; index < leaf.count; index++) {
            if (!leaf.isBucket(index)) continue;
            long root = leaf.memory.get(Page.U64, leaf.valueAt(index));
            if (root != 0) visit(new Place(new Move(leaf.key(index), Bytes.EMPTY, root, 1), place));
        }
    }

    private void offer(Place place) {
        highest.add(place);
        if (highest.size() > wanted) highest.poll();
    }
}
