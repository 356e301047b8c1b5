package io.binnacle.mvcc.watch;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyRange;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by the range of keys that they are about, found by a key inside: single keys in a hash table, the others in an
 * interval tree. The tree is a treap ordered by range, each node knowing the greatest end below it, so a look-up costs
 * the logarithm of the number of distinct ranges plus what it finds. For one thread.
 */
final class RangeIndex<T> {

    private final Map<Bytes, T> points = new HashMap<>();
    private @Nullable Node<T> root;
    private long inserted;
    private int ranges;

    private static final class Node<T> {
        final KeyRange range;
        final long priority;
        T value;
        @Nullable Node<T> left;
        @Nullable Node<T> right;
        /** The greatest end in this subtree; null if one has none. */
        @Nullable Bytes reach;

        Node(KeyRange range, T value, long priority) {
            this.range = range;
            this.value = value;
            this.priority = priority;
            this.reach = range.to();
        }

        void update() {
            Bytes greatest = range.to();
            if (left != null) greatest = greater(greatest, left.reach);
            if (right != null) greatest = greater(greatest, right.reach);
            reach = greatest;
        }

        private static @Nullable Bytes greater(@Nullable Bytes a, @Nullable Bytes b) {
            if (a == null || b == null) return null;
            return a.compareTo(b) >= 0 ? a : b;
        }
    }

    /** The number of distinct ranges. */
    int size() {
        return points.size() + ranges;
    }

    /** The value of exactly this range; null if there is none. */
    @Nullable T get(KeyRange range) {
        if (isPoint(range)) return points.get(range.from());
        Node<T> node = root;
        while (node != null) {
            int order = compare(range, node.range);
            if (order == 0) return node.value;
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** Sets the value of a range. */
    void put(KeyRange range, T value) {
        if (isPoint(range)) {
            points.put(range.from(), value);
            return;
        }
        root = insert(root, range, value);
    }

    /** Takes a range out; without effect if it is not in. */
    void remove(KeyRange range) {
        if (isPoint(range)) points.remove(range.from());
        else root = without(root, range);
    }

    /** Gives all values whose range contains the key; they may not change the index meanwhile. */
    void visit(Bytes key, Consumer<? super T> to) {
        T point = points.get(key);
        if (point != null) to.accept(point);
        visit(root, key, to);
    }

    private static <T> void visit(@Nullable Node<T> start, Bytes key, Consumer<? super T> to) {
        Node<T> node = start;
        while (node != null && (node.reach == null || node.reach.compareTo(key) > 0)) {
            if (node.left != null) visit(node.left, key, to);
            if (node.range.from().compareTo(key) > 0) return; // so does everything to the right
            if (node.range.to() == null || node.range.to().compareTo(key) > 0) to.accept(node.value);
            node = node.right;
        }
    }

    private Node<T> insert(@Nullable Node<T> node, KeyRange range, T value) {
        if (node == null) {
            ranges++;
            return new Node<>(range, value, mix(++inserted));
        }
        int order = compare(range, node.range);
        if (order == 0) {
            node.value = value;
            return node;
        }
        Node<T> top = node;
        if (order < 0) {
            Node<T> child = insert(node.left, range, value);
            node.left = child;
            if (child.priority > node.priority) {
                node.left = child.right;
                child.right = node;
                top = child;
            }
        } else {
            Node<T> child = insert(node.right, range, value);
            node.right = child;
            if (child.priority > node.priority) {
                node.right = child.left;
                child.left = node;
                top = child;
            }
        }
        node.update();
        top.update();
        return top;
    }

    private @Nullable Node<T> without(@Nullable Node<T> node, KeyRange range) {
        if (node == null) return null;
        int order = compare(range, node.range);
        if (order == 0) {
            ranges--;
            return merged(node.left, node.right);
        }
        if (order < 0) node.left = without(node.left, range);
        else node.right = without(node.right, range);
        node.update();
        return node;
    }

    private static <T> @Nullable Node<T> merged(@Nullable Node<T> left, @Nullable Node<T> right) {
        if (left == null) return right;
        if (right == null) return left;
        if (left.priority > right.priority) {
            left.right = merged(left.right, right);
            left.update();
            return left;
        }
        right.left = merged(left, right.left);
        right.update();
        return right;
    }

    /** Whether the range holds one key and nothing else: its end is the key's immediate successor. */
    private static boolean isPoint(KeyRange range) {
        Bytes to = range.to();
        int length = range.from().length();
        return to != null && to.length() == length + 1 && to.at(length) == 0 && to.startsWith(range.from());
    }

    private static int compare(KeyRange a, KeyRange b) {
        int order = a.from().compareTo(b.from());
        if (order != 0) return order;
        Bytes aTo = a.to();
        Bytes bTo = b.to();
        if (aTo == null || bTo == null) return Boolean.compare(aTo == null, bTo == null);
        return aTo.compareTo(bTo);
    }

    /** Spreads a counter over all longs (the finalizer of SplitMix64): priorities that are the same in every run. */
    private static long mix(long counter) {
        long z = counter * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
