package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of buffered writes that can be captured at any time for a few words: a B+tree whose nodes are copied
 * the first time they change after a capture. Nothing is ever taken out; a deletion is a value of its own, {@link
 * #TOMBSTONE}. One thread writes; captured roots are immutable and for all threads once published.
 */
final class OverlayMap {

    /** Stands for "removed"; recognised by identity. */
    static final Bytes TOMBSTONE = Bytes.of(new byte[] {'-'}, 0, 1);

    /** Whether a value stands for "removed". */
    @SuppressWarnings("ReferenceEquality") // a stored value may have the same byte
    static boolean isTombstone(Bytes value) {
        return value == TOMBSTONE;
    }

    /** Entries a node. */
    static final int WIDTH = 32;

    /** A node: leaves hold values in their slots, branches hold children under the smallest key they had when made. */
    static final class Node {
        final boolean leaf;
        /** The capture period in which the node was made: in a later one it is copied before it changes. */
        final int period;
        int count;
        final Bytes[] keys;
        final Object[] slots;

        Node(boolean leaf, int period) {
            this(leaf, period, 0, new Bytes[WIDTH], new Object[WIDTH]);
        }

        private Node(boolean leaf, int period, int count, Bytes[] keys, Object[] slots) {
            this.leaf = leaf;
            this.period = period;
            this.count = count;
            this.keys = keys;
            this.slots = slots;
        }

        Node copyFor(int now) {
            return now == period ? this : new Node(leaf, now, count, keys.clone(), slots.clone());
        }

        /** Index of the last key that is at most the given one; -1 if all are greater. */
        int floor(Bytes key) {
            int low = 0;
            int high = count - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (keys[middle].compareTo(key) <= 0) low = middle + 1;
                else high = middle - 1;
            }
            return high;
        }

        Node child(int index) {
            return (Node) slots[index];
        }

        Bytes value(int index) {
            return (Bytes) slots[index];
        }

        void insert(int index, Bytes key, Object slot) {
            System.arraycopy(keys, index, keys, index + 1, count - index);
            System.arraycopy(slots, index, slots, index + 1, count - index);
            keys[index] = key;
            slots[index] = slot;
            count++;
        }

        /** Moves the entries from an index on to a new node. */
        Node splitAt(int index) {
            Node right = new Node(leaf, period);
            right.count = count - index;
            System.arraycopy(keys, index, right.keys, 0, right.count);
            System.arraycopy(slots, index, right.slots, 0, right.count);
            Arrays.fill(keys, index, count, null);
            Arrays.fill(slots, index, count, null);
            count = index;
            return right;
        }
    }

    private @Nullable Node root;
    private int period;

    /** Sets a key to a value, or to {@link #TOMBSTONE}. */
    void put(Bytes key, Bytes value) {
        Node top = root == null ? new Node(true, period) : root.copyFor(period);
        Node right = put(top, key, value);
        if (right != null) {
            Node above = new Node(false, period);
            above.insert(0, top.keys[0], top);
            above.insert(1, right.keys[0], right);
            top = above;
        }
        root = top;
    }

    /** Everything so far, never to change; null while there is nothing. */
    @Nullable Node capture() {
        period++;
        return root;
    }

    /** What is stored for a key now. */
    @Nullable Bytes get(Bytes key) {
        return find(root, key);
    }

    /** What is stored for a key in a captured tree: a value, {@link #TOMBSTONE}, or null for nothing. */
    static @Nullable Bytes find(@Nullable Node captured, Bytes key) {
        Node node = captured;
        if (node == null) return null;
        while (!node.leaf) node = node.child(Math.max(0, node.floor(key)));
        int at = node.floor(key);
        return at >= 0 && node.keys[at].equals(key) ? node.value(at) : null;
    }

    /** Puts into a node of this period; the new right neighbour if it had to be split. */
    private @Nullable Node put(Node node, Bytes key, Bytes value) {
        int at = node.floor(key);
        if (node.leaf) {
            if (at >= 0 && node.keys[at].equals(key)) {
                node.slots[at] = value;
                return null;
            }
            return insert(node, at + 1, key, value);
        }
        at = Math.max(0, at);
        Node child = node.child(at).copyFor(period);
        node.slots[at] = child;
        Node right = put(child, key, value);
        node.keys[at] = child.keys[0];
        return right == null ? null : insert(node, at + 1, right.keys[0], right);
    }

    /** Splits a full node first: in half, or at its end where keys come in ascending order. */
    private static @Nullable Node insert(Node node, int index, Bytes key, Object slot) {
        if (node.count < WIDTH) {
            node.insert(index, key, slot);
            return null;
        }
        Node right = node.splitAt(index == WIDTH ? WIDTH - 1 : WIDTH / 2);
        if (index <= node.count) node.insert(index, key, slot);
        else right.insert(index - node.count, key, slot);
        return right;
    }
}
