package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The writer of the index. Belongs to the apply thread; hand out {@link #view()}s to others.
 *
 * <p>Between two views a node is copied once and then changed in place, so a batch of puts costs one copy of each node
 * it touches, not one for each put.
 */
public final class KeyIndex {

    private long batch = 1;
    private Node root = Leaf.empty(batch);
    private int keys;
    /** Scratch of a descent: the smallest key right of the leaf that was met; null if there is none. */
    private byte @Nullable [] rightBound;

    /** An index without keys. */
    public KeyIndex() {}

    /** The index as it is now. Constant time; the next write to a node copies it. */
    public IndexView view() {
        batch++;
        return new IndexView(root, keys);
    }

    /**
     * The index as it is now, for the writer's own use until its next write: it makes no later copies necessary, and
     * must not be kept.
     */
    public IndexView peek() {
        return new IndexView(root, keys);
    }

    /** Keys in the index, deleted ones that no compaction has passed yet included. */
    public int keys() {
        return keys;
    }

    /** Keys whose newest revision is a put. */
    public int liveKeys() {
        return root.live;
    }

    /** Reads the newest revision of a key, a tombstone perhaps; false if the key is unknown. */
    public boolean newest(Bytes key, KeyRevision into) {
        return IndexView.find(root, key, Long.MAX_VALUE, into);
    }

    /** Adds a revision of a key, which must be newer than all that the key has. Copies the key, not the revision. */
    public void add(Bytes key, KeyRevision revision) {
        root = owned(root);
        Node.Split split = add(root, key, revision, true);
        if (split != null) root = Inner.root(batch, root, split);
    }

    private Node.@Nullable Split add(Node node, Bytes key, KeyRevision revision, boolean rightmost) {
        boolean atEnd;
        switch (node) {
            case Leaf leaf -> {
                int slot = leaf.lowerBound(key);
                if (leaf.holds(slot, key)) {
                    leaf.replace(slot, revision);
                    return null;
                }
                atEnd = rightmost && slot == leaf.count;
                leaf.insert(slot, key, revision);
                keys++;
            }
            case Inner inner -> {
                int at = inner.childFor(key);
                atEnd = rightmost && at == inner.count - 1;
                Node child = owned(inner.children[at]);
                Node.Split split = add(child, key, revision, atEnd);
                int before = inner.lives[at];
                inner.children[at] = child;
                inner.lives[at] = child.live;
                inner.live += child.live - before;
                if (split == null) return null;
                inner.insertChild(at + 1, split.separator, split.right);
                inner.live += split.right.live;
            }
        }
        return node.overfull() ? node.split(batch, atEnd) : null;
    }

    private Node owned(Node node) {
        return node.batch == batch ? node : node.copy(batch);
    }

    /**
     * Takes out what a compaction drops, a few leaves at a time; writes in between are welcome.
     *
     * @param from where to go on: the empty key at first, then what the last call answered
     * @return where to go on; null when the end was reached
     */
    public @Nullable Bytes trim(Bytes from, long compactRevision, int leavesMax) {
        Bytes at = from;
        for (int leaves = 0; leaves < leavesMax; leaves++) {
            rightBound = null;
            Node trimmed = trim(root, at, compactRevision);
            root = trimmed == null ? Leaf.empty(batch) : collapsed(trimmed);
            if (rightBound == null) return null;
            at = Bytes.of(rightBound);
        }
        return at;
    }

    private static Node collapsed(Node node) {
        while (node instanceof Inner inner && inner.count == 1) node = inner.children[0];
        return node;
    }

    /** Trims the leaf of the key; answers what stands for the node afterwards, null if nothing is left below it. */
    private @Nullable Node trim(Node node, Bytes key, long compactRevision) {
        switch (node) {
            case Leaf leaf -> {
                if (!leaf.trimmable(compactRevision)) return leaf;
                Leaf kept = leaf.trimmed(batch, compactRevision);
                keys -= leaf.count - kept.count;
                return kept.count == 0 ? null : kept;
            }
            case Inner inner -> {
                int at = inner.childFor(key);
                if (at < inner.count - 1) rightBound = inner.separators[at];
                Node child = inner.children[at];
                Node kept = trim(child, key, compactRevision);
                if (kept == child && !(child.small() && at > 0)) return inner;
                Inner mine = (Inner) owned(inner);
                if (kept == null) {
                    mine.removeChild(at);
                    return mine.count == 0 ? null : mine;
                }
                mine.replaceChild(at, kept);
                if (at > 0 && kept.small()) join(mine, at);
                return mine;
            }
        }
    }

    /** Lets a small child join its left neighbour if both together are not too large. */
    private void join(Inner parent, int at) {
        Node left = parent.children[at - 1];
        Node right = parent.children[at];
        Node both = null;
        if (left instanceof Leaf l && right instanceof Leaf r && l.joins(r)) {
            both = l.joined(batch, r);
        } else if (left instanceof Inner l && right instanceof Inner r && l.count + r.count <= Inner.CHILDREN_MAX * 3 / 4) {
            both = l.joined(batch, parent.separators[at - 1], r);
        }
        if (both == null) return;
        parent.removeChild(at);
        parent.replaceChild(at - 1, both);
    }
}
