package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A place among the keys of a bucket. For one thread, while the snapshot is pinned. Each moving method tells whether
 * there is a key at the new place; key and value may only be asked for then.
 */
public final class BoltCursor {

    /** No sound tree is deeper: two children a branch would already make 2^48 pages. */
    static final int DEPTH_MAX = 48;

    private final BoltBucket bucket;
    private @Nullable Page[] pages = new Page[4];
    private int[] indexes = new int[4];
    private int depth;
    /** The leaf page of the current key; null when there is none. */
    private @Nullable Page leaf;
    private int index;

    BoltCursor(BoltBucket bucket) {
        this.bucket = bucket;
    }

    /** Goes to the first key. */
    public boolean first() {
        depth = 0;
        descend(bucket.rootPage(), true);
        return settle(true);
    }

    /** Goes to the last key. */
    public boolean last() {
        depth = 0;
        descend(bucket.rootPage(), false);
        return settle(false);
    }

    /** Goes to the first key that is at least the given one. */
    public boolean seek(Bytes key) {
        depth = 0;
        MemorySegment wanted = MemorySegment.ofArray(key.array());
        Page page = bucket.rootPage();
        while (!page.leaf) {
            int at = page.childFor(wanted, key.offset(), key.length());
            push(page, at);
            page = bucket.load(page.child(at));
        }
        leaf = page;
        int found = page.search(wanted, key.offset(), key.length());
        index = found >= 0 ? found : -found - 1;
        return settle(true);
    }

    /** Goes to the next key. */
    public boolean next() {
        if (leaf == null) return false;
        index++;
        return settle(true);
    }

    /** Goes to the key before. */
    public boolean prev() {
        if (leaf == null) return false;
        index--;
        return settle(false);
    }

    /** A copy of the key. */
    public Bytes key() {
        return here().key(index);
    }

    /** A copy of the value. */
    public Bytes value() {
        return here().value(index);
    }

    /** The key in place, valid while the snapshot is pinned. */
    public MemorySegment keySegment() {
        Page page = here();
        return page.memory.asSlice(page.keyAt(index), page.keyLength(index));
    }

    /** The value in place, valid while the snapshot is pinned. */
    public MemorySegment valueSegment() {
        Page page = here();
        return page.memory.asSlice(page.valueAt(index), page.valueLength(index));
    }

    /** Bytes of the value. */
    public int valueLength() {
        return here().valueLength(index);
    }

    /** The order of the key here and another one: negative if this is less. Copies nothing. */
    public int compareKey(Bytes other) {
        Page page = here();
        return Page.compare(page.memory, page.keyAt(index), page.keyLength(index),
                MemorySegment.ofArray(other.array()), other.offset(), other.length());
    }

    /** Whether the value is a nested bucket. */
    public boolean isBucket() {
        return here().isBucket(index);
    }

    BoltBucket bucket() {
        return bucket.nested(here(), index);
    }

    private Page here() {
        Page page = leaf;
        if (page == null) throw new IllegalStateException("cursor is at no key");
        return page;
    }

    /** Goes on over leaf ends, and over empty leaves, until there is a key or no page. */
    private boolean settle(boolean forward) {
        Page page = leaf;
        while (page != null && (index < 0 || index >= page.count)) {
            page = neighbour(forward);
        }
        leaf = page;
        return page != null;
    }

    private @Nullable Page neighbour(boolean forward) {
        while (depth > 0) {
            Page branch = pages[depth - 1];
            if (branch == null) throw new IllegalStateException("no page on the path");
            int at = indexes[depth - 1] + (forward ? 1 : -1);
            depth--;
            if (at < 0 || at >= branch.count) continue;
            push(branch, at);
            return descend(bucket.load(branch.child(at)), forward);
        }
        return null;
    }

    private Page descend(Page from, boolean toFirst) {
        Page page = from;
        while (!page.leaf) {
            int at = toFirst ? 0 : page.count - 1;
            push(page, at);
            page = bucket.load(page.child(at));
        }
        leaf = page;
        index = toFirst ? 0 : page.count - 1;
        return page;
    }

    private void push(Page page, int at) {
        if (depth == DEPTH_MAX) throw BoltException.corrupt(page.id, "lies too deep");
        if (depth == indexes.length) {
            pages = Arrays.copyOf(pages, depth * 2);
            indexes = Arrays.copyOf(indexes, depth * 2);
        }
        pages[depth] = page;
        indexes[depth++] = at;
    }
}
