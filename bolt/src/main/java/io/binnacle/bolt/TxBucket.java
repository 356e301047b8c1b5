package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One bucket inside the open transaction: its pages as committed, and the nodes that were loaded for change. Owned by
 * the writer's thread. What decides page numbers here is bbolt's: which nodes are loaded, merged, split, in which order.
 */
final class TxBucket {

    private static final int BRANCH_KEYS_MIN = 2;
    private static final int LEAF_KEYS_MIN = 1;
    /** A page is not split below this many keys a side. */
    private static final int SPLIT_KEYS_MIN = 2;

    private final BoltWriter tx;
    private double fillPercent;
    /** Root page as committed, 0 for an inline bucket; the new one after {@link #spill()}. */
    private long root;
    private final long sequence;
    /** The content of an inline bucket until its node is loaded. */
    private @Nullable Page inline;
    private @Nullable Node rootNode;

    // What locate() found: in a node or else in a page.
    private @Nullable Node foundNode;
    private @Nullable Page foundPage;
    private int foundIndex;

    TxBucket(BoltWriter tx, long root, long sequence, double fillPercent) {
        this.tx = tx;
        this.root = root;
        this.sequence = sequence;
        this.fillPercent = fillPercent;
    }

    /** A bucket as its value in the root bucket says. */
    static TxBucket of(BoltWriter tx, Bytes value, double fillPercent) {
        if (value.length() < Page.BUCKET_HEADER_BYTES) throw BoltException.corrupt(0, "bucket value of " + value.length() + " bytes");
        ByteBuffer header = ByteBuffer.wrap(value.array(), value.offset(), value.length()).slice().order(ByteOrder.LITTLE_ENDIAN);
        TxBucket bucket = new TxBucket(tx, header.getLong(0), header.getLong(8), fillPercent);
        if (bucket.root == 0) bucket.inline = Page.inline(MemorySegment.ofArray(value.array()), value.offset(), value.length(), 0);
        return bucket;
    }

    /** The value of a bucket that was just created: inline and empty. */
    static Bytes emptyValue() {
        byte[] value = new byte[Page.BUCKET_HEADER_BYTES + Page.HEADER_BYTES];
        value[Page.BUCKET_HEADER_BYTES + 8] = Page.LEAF;
        return Bytes.of(value);
    }

    void fillPercent(double percent) {
        fillPercent = percent;
    }

    long root() {
        return root;
    }

    /** Whether anything was loaded for change, so that it has to be written. */
    boolean touched() {
        return rootNode != null;
    }

    /** The value of a key, null if it is absent or of the other kind. */
    @Nullable Bytes get(Bytes key, boolean bucket) {
        if (!locate(key) || foundBucket() != bucket) return null;
        Node node = foundNode;
        return node != null ? node.value(foundIndex) : Objects.requireNonNull(foundPage).value(foundIndex);
    }

    /** Whether the key is there and its value is a bucket. */
    boolean isBucket(Bytes key) {
        return locate(key) && foundBucket();
    }

    void put(Bytes key, Bytes value, int flag) {
        Node leaf = leafFor(key);
        int index = leaf.search(key);
        if (index < 0) {
            leaf.insert(-index - 1, key, value, flag);
        } else {
            if (leaf.isBucket(index) != (flag != 0)) throw new IllegalArgumentException("key " + key + " holds a bucket or a value, not both");
            leaf.set(index, value, flag);
        }
    }

    /** Removes a key; an absent one loads and changes nothing. */
    boolean delete(Bytes key, boolean bucket) {
        if (!locate(key)) return false;
        if (foundBucket() != bucket) throw new IllegalArgumentException("key " + key + " holds a bucket or a value, not both");
        Node leaf = leafFor(key);
        leaf.remove(leaf.search(key));
        leaf.unbalanced = true;
        return true;
    }

    /** Loads the nodes from the root down to a page that holds the key, so that they are written elsewhere at commit. */
    void loadPath(Bytes key, long pageId) {
        Node node = rootNode();
        while (node.pageId != pageId && !node.leaf) node = child(node, node.childFor(key));
    }

    /** Merges leaves from a key on below one branch, if they fit into fewer pages; nothing is loaded otherwise. */
    PackResult pack(Bytes from, int leavesMax) {
        if (root == 0) return new PackResult(0, null);
        MemorySegment wanted = MemorySegment.ofArray(from.array());
        Page branch = null;
        int start = 0;
        Bytes bound = null; // the first key behind what lies below the current page
        Bytes boundAbove = null;
        Page page = tx.load(root);
        while (!page.leaf) {
            branch = page;
            start = page.childFor(wanted, from.offset(), from.length());
            boundAbove = bound;
            if (start + 1 < page.count) bound = page.key(start + 1);
            page = tx.load(page.child(start));
        }
        if (branch == null) return new PackResult(0, null);
        int end = start;
        PageFill fill = new PageFill((int) (tx.pageSize() * fillPercent), SPLIT_KEYS_MIN);
        for (int last = Math.min(branch.count, start + leavesMax); end < last; end++) {
            Page leaf = tx.load(branch.child(end));
            if (leaf.span > 1) break; // long values stay where they are
            fill.add(leaf);
        }
        int leaves = end - start;
        int saved = leaves - fill.pages();
        if (saved > 0) merge(branch.id, from, start, leaves);
        if (leaves == 0) end++;
        return new PackResult(Math.max(0, saved), end < branch.count ? branch.key(end) : boundAbove);
    }

    private void merge(long branchId, Bytes from, int start, int leaves) {
        Node branch = rootNode();
        while (branch.pageId != branchId) branch = child(branch, branch.childFor(from));
        Node left = child(branch, start);
        for (int right = 1; right < leaves; right++) {
            Node next = child(branch, start + 1);
            left.absorb(next);
            detach(branch, start + 1, next);
        }
    }

    /** Counts the pages that elements fill one after the other, as the split at spill would. */
    private static final class PageFill {
        private final int threshold;
        private final int keysMin;
        private long size = Page.HEADER_BYTES;
        private int keys;
        private int pages = 1;

        PageFill(int threshold, int keysMin) {
            this.threshold = threshold;
            this.keysMin = keysMin;
        }

        void add(Page leaf) {
            for (int index = 0; index < leaf.count; index++) {
                long element = Page.ELEMENT_BYTES + (long) leaf.keyLength(index) + leaf.valueLength(index);
                if (keys >= keysMin && size + element > threshold) {
                    pages++;
                    size = Page.HEADER_BYTES;
                    keys = 0;
                }
                size += element;
                keys++;
            }
        }

        int pages() {
            return pages;
        }
    }

    /** Merges nodes that deletes left too small; in key order, where bbolt's order is a Go map's. */
    void rebalance() {
        if (rootNode == null) return;
        List<Node> small = new ArrayList<>();
        collectUnbalanced(rootNode, small);
        for (Node node : small) {
            @Nullable Node next = node;
            while (next != null && !next.detached && next.unbalanced) next = rebalance(next);
        }
    }

    /** Whether it fits into its value in the root bucket. */
    boolean inlineable() {
        Node node = rootNode;
        if (node == null || !node.leaf || node.bytes() > tx.pageSize() / 4) return false;
        for (int index = 0; index < node.count(); index++) {
            if (node.isBucket(index)) return false;
        }
        return true;
    }

    /** Gives up the root page and returns the value that holds everything. */
    Bytes spillInline() {
        Node node = Objects.requireNonNull(rootNode);
        tx.free(node);
        root = 0;
        byte[] value = new byte[Page.BUCKET_HEADER_BYTES + (int) node.bytes()];
        ByteBuffer out = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(0).putLong(sequence);
        out.putLong(0).putShort((short) Page.LEAF).putShort((short) node.count()).putInt(0);
        int data = Page.ELEMENT_BYTES * node.count();
        for (int index = 0; index < node.count(); index++) {
            out.putInt(0).putInt(data).putInt(node.keyLength(index)).putInt(node.valueLength(index));
            data += node.keyLength(index) + node.valueLength(index) - Page.ELEMENT_BYTES;
        }
        for (int index = 0; index < node.count(); index++) {
            out.put(node.key(index).asByteBuffer()).put(node.value(index).asByteBuffer());
        }
        return Bytes.of(value);
    }

    /** Gives every loaded node new pages, children first; afterwards {@link #root()} is the new root page. */
    void spill() {
        if (rootNode == null) return;
        List<NodePage> pages = spill(rootNode);
        while (pages.size() > 1) {
            rootNode = Node.above(pages);
            pages = spill(rootNode);
        }
        root = pages.getFirst().id();
    }

    /** The value of a bucket with pages of its own. */
    Bytes headerValue() {
        byte[] value = new byte[Page.BUCKET_HEADER_BYTES];
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(root).putLong(sequence);
        return Bytes.of(value);
    }

    private boolean foundBucket() {
        Node node = foundNode;
        if (node != null) return node.isBucket(foundIndex);
        Page page = foundPage;
        return page != null && page.isBucket(foundIndex);
    }

    /** Finds a key without loading anything, in nodes as far as they are loaded and in pages below. */
    private boolean locate(Bytes key) {
        foundNode = null;
        foundPage = null;
        Page page = inline;
        Node node = rootNode;
        if (node != null) {
            page = null;
            while (!node.leaf) {
                int at = node.childFor(key);
                Node below = node.child(at);
                if (below == null) {
                    page = tx.load(node.childId(at));
                    break;
                }
                node = below;
            }
            if (page == null) {
                foundNode = node;
                foundIndex = node.search(key);
                return foundIndex >= 0;
            }
        } else if (page == null) {
            page = tx.load(root);
        }
        MemorySegment wanted = MemorySegment.ofArray(key.array());
        for (int depth = 0; !page.leaf; depth++) {
            checkDepth(depth, page.id);
            page = tx.load(page.child(page.childFor(wanted, key.offset(), key.length())));
        }
        foundPage = page;
        foundIndex = page.search(wanted, key.offset(), key.length());
        return foundIndex >= 0;
    }

    private Node leafFor(Bytes key) {
        Node node = rootNode();
        for (int depth = 0; !node.leaf; depth++) {
            checkDepth(depth, node.pageId);
            node = child(node, node.childFor(key));
        }
        return node;
    }

    /** Ends a descent through pages that a damaged file links in a circle. */
    private static void checkDepth(int depth, long page) {
        if (depth == BoltCursor.DEPTH_MAX) throw BoltException.corrupt(page, "lies too deep");
    }

    private Node rootNode() {
        Node node = rootNode;
        if (node == null) {
            Page page = inline;
            node = Node.of(page == null ? tx.load(root) : page);
            rootNode = node;
            inline = null;
        }
        return node;
    }

    private Node child(Node parent, int index) {
        Node child = parent.child(index);
        if (child == null) {
            child = Node.of(tx.load(parent.childId(index)));
            parent.child(index, child);
        }
        return child;
    }

    private static void collectUnbalanced(Node node, List<Node> into) {
        if (!node.leaf) {
            for (int index = 0; index < node.count(); index++) {
                Node child = node.child(index);
                if (child != null) collectUnbalanced(child, into);
            }
        }
        if (node.unbalanced) into.add(node);
    }

    /** Deals with one node; the result is the parent to look at next. */
    private @Nullable Node rebalance(Node node) {
        node.unbalanced = false;
        int threshold = (int) (tx.pageSize() * fillPercent) / 2;
        if (node.bytes() > threshold && node.count() > (node.leaf ? LEAF_KEYS_MIN : BRANCH_KEYS_MIN)) return null;
        Node parent = node.parent;
        if (parent == null) {
            collapse(node);
            return null;
        }
        int index = parent.indexOf(node);
        if (node.count() == 0) {
            detach(parent, index, node);
            return parent;
        }
        Check.that(parent.count() > 1, "only child below a branch");
        Node left = index == 0 ? node : child(parent, index - 1);
        Node right = index == 0 ? child(parent, 1) : node;
        left.absorb(right);
        detach(parent, index == 0 ? 1 : index, right);
        return parent;
    }

    private void collapse(Node rootBranch) {
        if (rootBranch.leaf || rootBranch.count() > 1) return;
        Node only = rootBranch.count() == 1 ? child(rootBranch, 0) : new Node(true, 0);
        rootBranch.become(only);
        only.detached = true;
        tx.free(only);
    }

    private void detach(Node parent, int index, Node node) {
        parent.remove(index);
        parent.unbalanced = true;
        node.detached = true;
        tx.free(node);
    }

    private List<NodePage> spill(Node node) {
        if (!node.leaf) {
            for (int index = 0; index < node.count(); index++) {
                Node child = node.child(index);
                if (child == null) continue;
                List<NodePage> pages = spill(child);
                node.replace(index, pages);
                index += pages.size() - 1;
            }
        }
        tx.free(node);
        List<NodePage> pages = new ArrayList<>(1);
        int from = 0;
        long rest = node.bytes();
        while (node.count() - from > SPLIT_KEYS_MIN * 2 && rest >= tx.pageSize()) {
            int to = splitAt(node, from);
            long size = node.sizeOf(from, to);
            pages.add(tx.place(node, from, to, size));
            rest -= size - Page.HEADER_BYTES;
            from = to;
        }
        pages.add(tx.place(node, from, node.count(), rest));
        return pages;
    }

    private int splitAt(Node node, int from) {
        int threshold = (int) (tx.pageSize() * Math.clamp(fillPercent, 0.1, 1.0));
        long size = Page.HEADER_BYTES;
        int at = from;
        for (int index = from; index < node.count() - SPLIT_KEYS_MIN; index++) {
            at = index;
            long element = node.elementBytes(index);
            if (index - from >= SPLIT_KEYS_MIN && size + element > threshold) break;
            size += element;
        }
        return at;
    }
}
