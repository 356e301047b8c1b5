package io.binnacle.bolt;

import java.util.BitSet;

/**
 * Visits every page that a root reaches, nested buckets included, parents first. A page reached twice is corruption,
 * so the walk always ends; one that goes too deep is, too.
 */
final class TreeWalk {

    /** Takes each page once. */
    @FunctionalInterface
    interface Visitor {
        void page(Page page);
    }

    private final Pages pages;
    private final long hwm;
    private final BitSet reached = new BitSet();

    TreeWalk(Pages pages, long hwm) {
        this.pages = pages;
        this.hwm = hwm;
    }

    /** Visits the tree below a root page. */
    void visit(long root, Visitor visitor) {
        visit(root, visitor, 0);
    }

    private void visit(long root, Visitor visitor, int depth) {
        if (depth > BoltCursor.DEPTH_MAX) throw BoltException.corrupt(root, "lies too deep");
        Page page = pages.load(root, hwm);
        for (int at = (int) root; at < root + page.span; at++) {
            if (reached.get(at)) throw BoltException.corrupt(at, "multiple references");
            reached.set(at);
        }
        visitor.page(page);
        for (int index = 0; index < page.count; index++) {
            if (!page.leaf) {
                visit(page.child(index), visitor, depth + 1);
            } else if (page.isBucket(index)) {
                long below = page.memory.get(Page.U64, page.valueAt(index));
                if (below != 0) visit(below, visitor, depth + 1);
            }
        }
    }

    /** Ids of all pages visited, overflow pages included. */
    BitSet reached() {
        return reached;
    }
}
