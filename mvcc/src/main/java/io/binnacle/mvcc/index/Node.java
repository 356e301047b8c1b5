package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node of the tree. The writer may change it in place while {@link #batch} is its own; others must not. */
abstract sealed class Node permits Leaf, Inner {

    /** Number of the writer's batch that made this node: a node of an older batch may be seen by views. */
    final long batch;

    /** Keys below that are live, that is whose newest revision is a put. */
    int live;

    Node(long batch, int live) {
        this.batch = batch;
        this.live = live;
    }

    /** A copy that the batch may change. */
    abstract Node copy(long newBatch);

    /** Whether it has so few entries that it should join a neighbour. */
    abstract boolean small();

    /** Whether the next put below may need a split of this node. */
    abstract boolean overfull();

    /** Moves the upper part into a new node of the batch. */
    abstract Split split(long newBatch, boolean atEnd);

    /** The new right neighbour after a split, and the smallest key that belongs there (perhaps a shorter one). */
    static final class Split {
        final byte[] separator;
        final Node right;

        Split(byte[] separator, Node right) {
            this.separator = separator;
            this.right = right;
        }
    }

    /** The shortest prefix of {@code right} that is still greater than {@code left}. */
    static byte[] separator(Bytes left, Bytes right) {
        byte[] l = left.array();
        byte[] r = right.array();
        int common = Arrays.mismatch(l, left.offset(), left.offset() + left.length(),
                r, right.offset(), right.offset() + right.length());
        return Arrays.copyOfRange(r, right.offset(), right.offset() + common + 1);
    }

    static int compare(byte[] left, Bytes right) {
        return Arrays.compareUnsigned(left, 0, left.length,
                right.array(), right.offset(), right.offset() + right.length());
    }

    /** Replaces an optional array by one of another length with a hole or a removed place. */
    static @Nullable KeyHistory @Nullable [] grown(@Nullable KeyHistory @Nullable [] older, int capacity) {
        return older == null ? null : Arrays.copyOf(older, capacity);
    }
}
