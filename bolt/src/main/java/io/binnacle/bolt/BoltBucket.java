package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The keys of one bucket in one snapshot; to be used only while that is pinned. Immutable, safe for all threads. */
public final class BoltBucket {

    private final Pages pages;
    private final long hwm;
    /** 0 for an inline bucket. */
    private final long root;
    private final @Nullable Page inline;

    BoltBucket(Pages pages, long hwm, long root, @Nullable Page inline) {
        this.pages = pages;
        this.hwm = hwm;
        this.root = root;
        this.inline = inline;
    }

    /** The value of a key, null if it is absent or a nested bucket. */
    public @Nullable Bytes get(Bytes key) {
        MemorySegment wanted = MemorySegment.ofArray(key.array());
        Page page = leafFor(wanted, key.offset(), key.length());
        int index = page.search(wanted, key.offset(), key.length());
        return index < 0 || page.isBucket(index) ? null : page.value(index);
    }

    /** The value of a key in place, null if it is absent or a nested bucket; valid while the snapshot is pinned. */
    public @Nullable MemorySegment getSegment(Bytes key) {
        MemorySegment wanted = MemorySegment.ofArray(key.array());
        Page page = leafFor(wanted, key.offset(), key.length());
        int index = page.search(wanted, key.offset(), key.length());
        return index < 0 || page.isBucket(index) ? null : page.memory.asSlice(page.valueAt(index), page.valueLength(index));
    }

    /** A cursor before the first key; for one thread. */
    public BoltCursor cursor() {
        return new BoltCursor(this);
    }

    /** The number of keys; visits every page. */
    public long keyCount() {
        return keyCount(rootPage(), 0);
    }

    /** Whether the keys lie inside the bucket's own value in its parent. */
    boolean isInline() {
        return inline != null;
    }

    long root() {
        return root;
    }

    Page rootPage() {
        return inline != null ? inline : load(root);
    }

    Page load(long id) {
        return pages.load(id, hwm);
    }

    /** The bucket whose value is at an index of a leaf page. */
    BoltBucket nested(Page page, int index) {
        long valueAt = page.valueAt(index);
        long below = page.memory.get(Page.U64, valueAt);
        if (below != 0) return new BoltBucket(pages, hwm, below, null);
        return new BoltBucket(pages, hwm, 0, Page.inline(page.memory, valueAt, page.valueLength(index), page.id));
    }

    private Page leafFor(MemorySegment key, long keyAt, int keyLength) {
        Page page = rootPage();
        for (int depth = 0; !page.leaf; depth++) {
            if (depth == BoltCursor.DEPTH_MAX) throw BoltException.corrupt(page.id, "lies too deep");
            page = load(page.child(page.childFor(key, keyAt, keyLength)));
        }
        return page;
    }

    private long keyCount(Page page, int depth) {
        if (page.leaf) return page.count;
        if (depth == BoltCursor.DEPTH_MAX) throw BoltException.corrupt(page.id, "lies too deep");
        long keys = 0;
        for (int index = 0; index < page.count; index++) keys += keyCount(load(page.child(index)), depth + 1);
        return keys;
    }
}
