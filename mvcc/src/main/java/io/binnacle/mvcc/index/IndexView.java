package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** The index as it was at one moment. Immutable, safe for all threads, valid for ever. */
public final class IndexView {

    private final Node root;
    private final int keys;

    IndexView(Node root, int keys) {
        this.root = root;
        this.keys = keys;
    }

    /** Keys in the index, deleted ones that no compaction has passed yet included. */
    public int keys() {
        return keys;
    }

    /** Keys whose newest revision is a put. */
    public int liveKeys() {
        return root.live;
    }

    /** Reads the newest revision of a key that is not above {@code at}, a tombstone perhaps; false if there is none. */
    public boolean find(Bytes key, long at, KeyRevision into) {
        return find(root, key, at, into);
    }

    /** Reads the revision of a key that is visible at {@code at}; false if the key does not exist then. */
    public boolean findLive(Bytes key, long at, KeyRevision into) {
        return find(root, key, at, into) && !into.tombstone();
    }

    static boolean find(Node root, Bytes key, long at, KeyRevision into) {
        Node node = root;
        while (node instanceof Inner inner) node = inner.children[inner.childFor(key)];
        Leaf leaf = (Leaf) node;
        int slot = leaf.lowerBound(key);
        return leaf.holds(slot, key) && leaf.read(slot, at, into);
    }

    /** The live keys of a range now, that is at the newest revision of this view; logarithmic. */
    public long countLive(KeyRange range) {
        if (range.isEmpty()) return 0;
        return liveBelow(range.to()) - liveBelow(range.from());
    }

    /** The live keys of a range at a revision of the past; visits every key of the range. */
    public long countLive(KeyRange range, long at) {
        IndexCursor cursor = cursor(range, at);
        long count = 0;
        while (cursor.next()) count++;
        return count;
    }

    private long liveBelow(@Nullable Bytes key) {
        if (key == null) return root.live;
        long below = 0;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = inner.childFor(key);
            for (int at = 0; at < child; at++) below += inner.lives[at];
            node = inner.children[child];
        }
        Leaf leaf = (Leaf) node;
        return below + leaf.live(0, leaf.lowerBound(key));
    }

    /** The keys of a range that exist at a revision, ascending. */
    public IndexCursor cursor(KeyRange range, long at) {
        return new IndexCursor(root, range, at, false);
    }

    /** The keys of a range that have a revision not above {@code at}, ascending, tombstones included. */
    public IndexCursor cursorWithTombstones(KeyRange range, long at) {
        return new IndexCursor(root, range, at, true);
    }
}
