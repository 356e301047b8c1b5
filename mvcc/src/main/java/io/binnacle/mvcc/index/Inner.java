package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import java.util.Arrays;

/** An inner node: children, the live keys below each, and the smallest key of each child but the first. */
final class Inner extends Node {

    static final int CHILDREN_MAX = 64;

    int count;
    Node[] children;
    int[] lives;
    /** {@code separators[i] <=} every key of child i + 1, and greater than every key of child i. */
    byte[][] separators;
    /** Whether the separators may be seen through another node and must be copied before a change. */
    private boolean separatorsShared;

    private Inner(long batch, int live, int count, Node[] children, int[] lives, byte[][] separators, boolean shared) {
        super(batch, live);
        this.count = count;
        this.children = children;
        this.lives = lives;
        this.separators = separators;
        this.separatorsShared = shared;
    }

    /** A root above the halves of the former one. */
    static Inner root(long batch, Node left, Split split) {
        Node right = split.right;
        Inner root = new Inner(batch, left.live + right.live, 2, new Node[4], new int[4], new byte[4][], false);
        root.children[0] = left;
        root.children[1] = right;
        root.lives[0] = left.live;
        root.lives[1] = right.live;
        root.separators[0] = split.separator;
        return root;
    }

    @Override
    Inner copy(long newBatch) {
        return new Inner(newBatch, live, count, Arrays.copyOf(children, count), Arrays.copyOf(lives, count),
                separators, true);
    }

    /** The place of the child that holds the key or would hold it. */
    int childFor(Bytes key) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(separators[middle], key) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    void insertChild(int at, byte[] separator, Node child) {
        ownSeparators();
        if (count == children.length) {
            int capacity = Math.min(CHILDREN_MAX + 1, count + 8);
            children = Arrays.copyOf(children, capacity);
            lives = Arrays.copyOf(lives, capacity);
        }
        if (separators.length < count) separators = Arrays.copyOf(separators, Math.min(CHILDREN_MAX + 1, count + 8));
        System.arraycopy(children, at, children, at + 1, count - at);
        System.arraycopy(lives, at, lives, at + 1, count - at);
        System.arraycopy(separators, at - 1, separators, at, count - at);
        children[at] = child;
        lives[at] = child.live;
        separators[at - 1] = separator;
        count++;
    }

    @SuppressWarnings("NullAway") // the places above count hold nothing and are never read
    void removeChild(int at) {
        ownSeparators();
        live -= lives[at];
        System.arraycopy(children, at + 1, children, at, count - at - 1);
        System.arraycopy(lives, at + 1, lives, at, count - at - 1);
        if (count > 1) {
            int separator = Math.max(at - 1, 0);
            System.arraycopy(separators, separator + 1, separators, separator, count - 2 - separator);
            separators[count - 2] = null;
        }
        count--;
        children[count] = null;
    }

    void replaceChild(int at, Node child) {
        children[at] = child;
        live += child.live - lives[at];
        lives[at] = child.live;
    }

    /** A node of this one's children followed by those of its right neighbour. */
    Inner joined(long newBatch, byte[] separator, Inner right) {
        int total = count + right.count;
        Inner both = new Inner(newBatch, live + right.live, total, Arrays.copyOf(children, total),
                Arrays.copyOf(lives, total), Arrays.copyOf(separators, total), false);
        System.arraycopy(right.children, 0, both.children, count, right.count);
        System.arraycopy(right.lives, 0, both.lives, count, right.count);
        both.separators[count - 1] = separator;
        System.arraycopy(right.separators, 0, both.separators, count, right.count - 1);
        return both;
    }

    @Override
    boolean small() {
        return count <= CHILDREN_MAX / 4;
    }

    @Override
    boolean overfull() {
        return count > CHILDREN_MAX;
    }

    @Override
    Split split(long newBatch, boolean atEnd) {
        int kept = atEnd ? count - 2 : count / 2;
        byte[] separator = separators[kept - 1];
        Node[] rightChildren = Arrays.copyOfRange(children, kept, count);
        int[] rightLives = Arrays.copyOfRange(lives, kept, count);
        int rightLive = 0;
        for (int of : rightLives) rightLive += of;
        Inner right = new Inner(newBatch, rightLive, count - kept, rightChildren, rightLives,
                Arrays.copyOfRange(separators, kept, count), false);
        children = Arrays.copyOf(children, kept);
        lives = Arrays.copyOf(lives, kept);
        separators = Arrays.copyOf(separators, kept);
        separatorsShared = false;
        count = kept;
        live -= rightLive;
        return new Split(separator, right);
    }

    private void ownSeparators() {
        if (!separatorsShared) return;
        separators = Arrays.copyOf(separators, Math.min(CHILDREN_MAX + 1, count + 4));
        separatorsShared = false;
    }
}
