package io.binnacle.bolt;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks one snapshot's pages as {@code bbolt check} does, and goes on after a finding. */
final class FileCheck {

    private static final int FINDINGS_MAX = 1000;

    /** Keys of a subtree: at least {@code from}, below {@code to}; null for no bound. A key is a page and an index in it. */
    private record Bounds(@Nullable Page from, int fromIndex, @Nullable Page to, int toIndex) {}

    private static final Bounds UNBOUNDED = new Bounds(null, 0, null, 0);

    private final Pages pages;
    private final Meta meta;
    private final BitSet reached = new BitSet();
    private final List<String> findings = new ArrayList<>();
    private BitSet free = new BitSet();

    FileCheck(BoltSnapshot snapshot) {
        this.pages = snapshot.pages();
        this.meta = snapshot.meta();
    }

    /** All findings, at most 1000; empty if the snapshot is sound. */
    List<String> findings() {
        boolean stored = meta.freelist() != Meta.NO_FREELIST;
        if (stored) readFreelist();
        tree(meta.root(), UNBOUNDED, 0);
        if (stored) {
            for (int id = 2; id < meta.hwm(); id++) {
                if (!reached.get(id) && !free.get(id)) found(id, "unreachable unfreed");
            }
        }
        return findings;
    }

    private void readFreelist() {
        try {
            free = FreelistPage.read(pages, meta.freelist(), meta.hwm());
            int list = (int) meta.freelist();
            for (int id = list; id < list + FreelistPage.spanOf(pages, list, meta.hwm()); id++) reach(id);
        } catch (BoltException e) {
            foundDamage(e);
        }
    }

    private void tree(long id, Bounds bounds, int depth) {
        if (findings.size() >= FINDINGS_MAX) return;
        if (depth > BoltCursor.DEPTH_MAX) {
            found(id, "lies too deep");
            return;
        }
        Page page;
        try {
            page = pages.load(id, meta.hwm());
            page.validate((long) page.span * pages.pageSize, id, meta.hwm()); // afresh: the file may have rotted since it was first read
        } catch (BoltException e) {
            foundDamage(e);
            return;
        }
        boolean seen = false;
        for (long each = id; each < id + page.span; each++) seen |= !reach(each);
        if (seen) return;
        keysWithin(page, bounds);
        for (int index = 0; index < page.count; index++) {
            if (!page.leaf) {
                boolean last = index == page.count - 1;
                tree(page.child(index), new Bounds(page, index, last ? bounds.to() : page, last ? bounds.toIndex() : index + 1), depth + 1);
            } else if (page.isBucket(index)) {
                bucket(page, index, depth);
            }
        }
    }

    private void bucket(Page page, int index, int depth) {
        long root = page.memory.get(Page.U64, page.valueAt(index));
        if (root != 0) {
            tree(root, UNBOUNDED, depth + 1);
            return;
        }
        try {
            Page.inline(page.memory, page.valueAt(index), page.valueLength(index), page.id);
        } catch (BoltException e) {
            foundDamage(e);
        }
    }

    private void keysWithin(Page page, Bounds bounds) {
        if (page.count == 0) return;
        Page from = bounds.from();
        if (from != null && compare(page, 0, from, bounds.fromIndex()) < 0) found(page.id, "first key is below its parent's");
        Page to = bounds.to();
        if (to != null && compare(page, page.count - 1, to, bounds.toIndex()) >= 0) found(page.id, "last key is not below the next of its parent");
    }

    private static int compare(Page a, int aIndex, Page b, int bIndex) {
        MemorySegment left = a.memory;
        return Page.compare(left, a.keyAt(aIndex), a.keyLength(aIndex), b.memory, b.keyAt(bIndex), b.keyLength(bIndex));
    }

    private boolean reach(long id) {
        boolean first = !reached.get((int) id);
        reached.set((int) id);
        if (!first) found(id, "multiple references");
        if (free.get((int) id)) found(id, "reachable freed");
        return first;
    }

    /** Damage of the format is a finding; a failing disk ends the check. */
    private void foundDamage(BoltException e) {
        if (e.kind() != BoltException.Kind.CORRUPT_PAGE) throw e;
        if (findings.size() < FINDINGS_MAX) findings.add(String.valueOf(e.getMessage()));
    }

    private void found(long page, String what) {
        if (findings.size() < FINDINGS_MAX) findings.add("page " + page + ": " + what);
    }
}
