package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** Walks the keys of a range as of one revision, ascending. For one thread. */
public final class IndexCursor {

    private static final int DEPTH_MAX = 16; // 64 children an inner node: more keys than memory

    private final Inner[] path = new Inner[DEPTH_MAX];
    private final int[] places = new int[DEPTH_MAX];
    private final @Nullable Bytes to;
    private final long at;
    private final boolean tombstones;
    private final KeyRevision revision = new KeyRevision();
    private int depth;
    private Leaf leaf;
    private int slot;
    /** First place of the leaf that is not in the range. */
    private int limit;

    IndexCursor(Node root, KeyRange range, long at, boolean tombstones) {
        this.to = range.to();
        this.at = at;
        this.tombstones = tombstones;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = inner.childFor(range.from());
            path[depth] = inner;
            places[depth++] = child;
            node = inner.children[child];
        }
        leaf = (Leaf) node;
        slot = leaf.lowerBound(range.from()) - 1;
        limit = limitOf(leaf);
    }

    private int limitOf(Leaf entered) {
        return to == null ? entered.count : entered.lowerBound(to);
    }

    /** Goes to the next key; false at the end. */
    public boolean next() {
        while (true) {
            if (++slot >= limit) {
                slot = limit;
                if (limit < leaf.count || !nextLeaf()) return false;
                continue;
            }
            if (leaf.read(slot, at, revision) && (tombstones || !revision.tombstone())) return true;
        }
    }

    private boolean nextLeaf() {
        while (depth > 0 && places[depth - 1] + 1 == path[depth - 1].count) depth--;
        if (depth == 0) return false;
        Node node = path[depth - 1].children[++places[depth - 1]];
        while (node instanceof Inner inner) {
            path[depth] = inner;
            places[depth++] = 0;
            node = inner.children[0];
        }
        leaf = (Leaf) node;
        slot = -1;
        limit = limitOf(leaf);
        return true;
    }

    /** The key; shares memory with its neighbours in the index, so copy what is kept for long. */
    public Bytes key() {
        return leaf.key(slot);
    }

    /** The revision that is visible; the same object each time, valid until the next step. */
    public KeyRevision revision() {
        return revision;
    }
}
