package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page being rewritten by the open transaction: parallel arrays of references into byte arrays, no object per key.
 * A loaded page is copied once into one array that all its elements refer to. Grows without bound until it is spilled
 * into pages. Owned by the writer's thread.
 */
final class Node {

    private static final int CAPACITY_MIN = 8;

    /** False for a branch; a root may turn from branch to leaf when it collapses. */
    boolean leaf;
    /** The page it was loaded from and gives up when spilled, 0 for none. */
    long pageId;
    int pageSpan;
    @Nullable Node parent;
    /** A key was deleted, so it may be too small. */
    boolean unbalanced;
    /** Merged away or emptied: no longer part of the tree. */
    boolean detached;

    private int count;
    /** Size as a page: header, elements, keys and values. */
    private long bytes = Page.HEADER_BYTES;
    private byte[][] keyArrays;
    /** Offset in the upper half, length in the lower. */
    private long[] keyRefs;
    /** Leaf: like {@link #keyRefs}; branch: page ids of children. */
    private long[] valueRefs;
    private byte[] @Nullable [] valueArrays; // leaf
    private byte[] flags; // leaf
    private @Nullable Node[] children; // branch: those loaded

    Node(boolean leaf, int capacity) {
        this.leaf = leaf;
        int size = Math.max(capacity, CAPACITY_MIN);
        keyArrays = new byte[size][];
        keyRefs = new long[size];
        valueRefs = new long[size];
        valueArrays = new byte[leaf ? size : 0][];
        flags = new byte[leaf ? size : 0];
        children = new Node[leaf ? 0 : size];
    }

    /** A copy of a page's content. */
    static Node of(Page page) {
        Node node = new Node(page.leaf, page.count + page.count / 4);
        node.pageId = page.id;
        node.pageSpan = page.id == 0 ? 0 : page.span;
        byte[] data = new byte[(int) page.usedBytes()];
        MemorySegment.copy(page.memory, ValueLayout.JAVA_BYTE, page.base, data, 0, data.length);
        for (int index = 0; index < page.count; index++) {
            int keyAt = (int) (page.keyAt(index) - page.base);
            int keyLength = page.keyLength(index);
            node.keyArrays[index] = data;
            node.keyRefs[index] = ref(keyAt, keyLength);
            if (page.leaf) {
                node.valueArrays[index] = data;
                node.valueRefs[index] = ref(keyAt + keyLength, page.valueLength(index));
                node.flags[index] = (byte) page.flags(index);
            } else {
                node.valueRefs[index] = page.child(index);
            }
        }
        node.count = page.count;
        node.bytes = node.sizeOf(0, page.count);
        return node;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    int keyLength(int index) {
        return (int) keyRefs[index];
    }

    int valueLength(int index) {
        return leaf ? (int) valueRefs[index] : 0;
    }

    long childId(int index) {
        return valueRefs[index];
    }

    @Nullable Node child(int index) {
        return children[index];
    }

    boolean isBucket(int index) {
        return (flags[index] & Page.BUCKET_ELEMENT) != 0;
    }

    Bytes key(int index) {
        return Bytes.of(keyArrays[index], (int) (keyRefs[index] >>> 32), (int) keyRefs[index]);
    }

    Bytes value(int index) {
        byte[] array = valueArrays[index];
        return array == null ? Bytes.EMPTY : Bytes.of(array, (int) (valueRefs[index] >>> 32), (int) valueRefs[index]);
    }

    /** Size of one element with its key and value. */
    long elementBytes(int index) {
        return Page.ELEMENT_BYTES + (long) keyLength(index) + valueLength(index);
    }

    /** Index of the key, or {@code -(insertion point) - 1}. Appending in order costs one comparison. */
    int search(Bytes key) {
        int high = count - 1;
        if (high < 0) return -1;
        int order = compare(high, key);
        if (order == 0) return high;
        if (order < 0) return -count - 1;
        int low = 0;
        high--;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            order = compare(middle, key);
            if (order < 0) low = middle + 1;
            else if (order > 0) high = middle - 1;
            else return middle;
        }
        return -low - 1;
    }

    /** The branch element to follow for a key. */
    int childFor(Bytes key) {
        int found = search(key);
        return found >= 0 ? found : Math.max(-found - 2, 0);
    }

    /** Index of a loaded child. */
    int indexOf(Node child) {
        for (int index = 0; index < count; index++) {
            if (children[index] == child) return index;
        }
        throw new IllegalStateException("not a child of its parent");
    }

    void child(int index, Node node) {
        children[index] = node;
        node.parent = this;
    }

    /** Leaf: sets the value at an existing index. */
    void set(int index, Bytes value, int flag) {
        bytes += value.length() - valueLength(index);
        valueArrays[index] = value.array();
        valueRefs[index] = ref(value.offset(), value.length());
        flags[index] = (byte) flag;
    }

    /** Leaf: inserts at an index found by {@link #search}. */
    void insert(int index, Bytes key, Bytes value, int flag) {
        open(index, 1);
        keyArrays[index] = key.array();
        keyRefs[index] = ref(key.offset(), key.length());
        valueArrays[index] = value.array();
        valueRefs[index] = ref(value.offset(), value.length());
        flags[index] = (byte) flag;
        bytes += elementBytes(index);
    }

    void remove(int index) {
        bytes -= elementBytes(index);
        int moved = count - index - 1;
        System.arraycopy(keyArrays, index + 1, keyArrays, index, moved);
        System.arraycopy(keyRefs, index + 1, keyRefs, index, moved);
        System.arraycopy(valueRefs, index + 1, valueRefs, index, moved);
        if (leaf) {
            System.arraycopy(valueArrays, index + 1, valueArrays, index, moved);
            System.arraycopy(flags, index + 1, flags, index, moved);
        } else {
            System.arraycopy(children, index + 1, children, index, moved);
            children[count - 1] = null;
        }
        count--;
    }

    /** Appends all of the right sibling. */
    void absorb(Node right) {
        int at = count;
        open(at, right.count);
        System.arraycopy(right.keyArrays, 0, keyArrays, at, right.count);
        System.arraycopy(right.keyRefs, 0, keyRefs, at, right.count);
        System.arraycopy(right.valueRefs, 0, valueRefs, at, right.count);
        if (leaf) {
            System.arraycopy(right.valueArrays, 0, valueArrays, at, right.count);
            System.arraycopy(right.flags, 0, flags, at, right.count);
        } else {
            System.arraycopy(right.children, 0, children, at, right.count);
            adoptChildren();
        }
        bytes += right.bytes - Page.HEADER_BYTES;
    }

    /** Becomes what its only child is; keeps its own page. */
    void become(Node child) {
        leaf = child.leaf;
        count = child.count;
        bytes = child.bytes;
        keyArrays = child.keyArrays;
        keyRefs = child.keyRefs;
        valueRefs = child.valueRefs;
        valueArrays = child.valueArrays;
        flags = child.flags;
        children = child.children;
        adoptChildren();
    }

    /** Branch: replaces the element of a spilled child by the pages it became, each under its first key. */
    void replace(int index, List<NodePage> pages) {
        bytes -= elementBytes(index);
        open(index + 1, pages.size() - 1);
        for (NodePage page : pages) {
            keyArrays[index] = page.node().keyArrays[page.from()];
            keyRefs[index] = page.node().keyRefs[page.from()];
            valueRefs[index] = page.id();
            children[index] = null;
            bytes += elementBytes(index);
            index++;
        }
    }

    /** The branch above the pages of a root that split. */
    static Node above(List<NodePage> pages) {
        Node root = new Node(false, pages.size());
        root.count = 1;
        root.keyArrays[0] = new byte[0];
        root.bytes += Page.ELEMENT_BYTES;
        root.replace(0, pages);
        return root;
    }

    /** Size as a page of the elements [from, to). */
    long sizeOf(int from, int to) {
        long size = Page.HEADER_BYTES;
        for (int index = from; index < to; index++) size += elementBytes(index);
        return size;
    }

    /** Writes page header, elements and data of [from, to); the caller pads. */
    void write(PageSink sink, int from, int to, long id, int span) {
        sink.header(id, leaf ? Page.LEAF : Page.BRANCH, to - from, span - 1);
        long data = (long) Page.ELEMENT_BYTES * (to - from); // from the current element to its key
        for (int index = from; index < to; index++) {
            if (leaf) sink.leafElement(flags[index], (int) data, keyLength(index), valueLength(index));
            else sink.branchElement((int) data, keyLength(index), valueRefs[index]);
            data += elementBytes(index) - 2L * Page.ELEMENT_BYTES;
        }
        for (int index = from; index < to; index++) {
            sink.bytes(keyArrays[index], (int) (keyRefs[index] >>> 32), keyLength(index));
            byte[] value = leaf ? valueArrays[index] : null;
            if (value != null) sink.bytes(value, (int) (valueRefs[index] >>> 32), valueLength(index));
        }
    }

    private void adoptChildren() {
        if (leaf) return;
        for (int index = 0; index < count; index++) {
            Node child = children[index];
            if (child != null) child.parent = this;
        }
    }

    /** Makes room for {@code added} elements at an index. */
    private void open(int index, int added) {
        if (count + added > keyRefs.length) grow(Math.max(count + added, keyRefs.length + keyRefs.length / 2));
        int moved = count - index;
        if (moved > 0) {
            System.arraycopy(keyArrays, index, keyArrays, index + added, moved);
            System.arraycopy(keyRefs, index, keyRefs, index + added, moved);
            System.arraycopy(valueRefs, index, valueRefs, index + added, moved);
            if (leaf) {
                System.arraycopy(valueArrays, index, valueArrays, index + added, moved);
                System.arraycopy(flags, index, flags, index + added, moved);
            } else {
                System.arraycopy(children, index, children, index + added, moved);
            }
        }
        count += added;
    }

    private void grow(int capacity) {
        keyArrays = Arrays.copyOf(keyArrays, capacity);
        keyRefs = Arrays.copyOf(keyRefs, capacity);
        valueRefs = Arrays.copyOf(valueRefs, capacity);
        if (leaf) {
            valueArrays = Arrays.copyOf(valueArrays, capacity);
            flags = Arrays.copyOf(flags, capacity);
        } else {
            children = Arrays.copyOf(children, capacity);
        }
    }

    private int compare(int index, Bytes key) {
        int at = (int) (keyRefs[index] >>> 32);
        return Arrays.compareUnsigned(keyArrays[index], at, at + keyLength(index),
                key.array(), key.offset(), key.offset() + key.length());
    }

    private static long ref(int offset, int length) {
        return (long) offset << 32 | length;
    }
}
