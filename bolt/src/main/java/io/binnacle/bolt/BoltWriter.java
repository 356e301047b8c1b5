package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one write transaction of a file. Ends with {@link #commit()} or {@link #rollback()}, and must. Belongs to one
 * thread. Key and value slices are kept, not copied, until then; keys have 1 to 32768 bytes.
 *
 * <p>Cost: a put is a search in memory and, once per page and transaction, one page copy; keys given in ascending order
 * cost one comparison a level.
 */
public final class BoltWriter {

    private static final int KEY_BYTES_MAX = 32768;

    private final BoltFile file;
    private final Pages pages;
    private final Freelist freelist;
    /** The committed state this transaction starts from. */
    private final Meta base;
    private final long txid;
    private long hwm;
    private final TxBucket root;
    private final Map<Bytes, TxBucket> buckets = new HashMap<>();
    private final Map<Bytes, Double> fillPercents = new HashMap<>();
    private @Nullable Bytes lastName;
    private @Nullable TxBucket lastBucket;
    private final List<NodePage> placed = new ArrayList<>();
    /** Old high-water mark if {@link #relocate} lowered it. */
    private long trimmedFrom;
    private boolean open = true;
    private boolean changed;

    BoltWriter(BoltFile file, Pages pages, Freelist freelist, Meta base) {
        this.file = file;
        this.pages = pages;
        this.freelist = freelist;
        this.base = base;
        this.txid = base.txid() + 1;
        this.hwm = base.hwm();
        this.root = new TxBucket(this, base.root(), base.sequence(), file.options().fillPercent());
    }

    /** The id this transaction will have. */
    public long txid() {
        return txid;
    }

    /** Makes an empty bucket; does nothing if it exists. */
    public void createBucket(Bytes name) {
        change();
        checkKey(name);
        if (root.isBucket(name)) return;
        root.put(name, TxBucket.emptyValue(), Page.BUCKET_ELEMENT);
    }

    /** Removes a bucket with all in it; does nothing if it is absent. */
    public void deleteBucket(Bytes name) {
        change();
        if (!root.isBucket(name)) return;
        Bytes value = Objects.requireNonNull(root.get(name, true));
        TxBucket committed = TxBucket.of(this, value, 1.0);
        if (committed.root() != 0) {
            new TreeWalk(pages, base.hwm()).visit(committed.root(), page -> freelist.free(txid, page.id, page.span));
        }
        root.delete(name, true);
        buckets.remove(name);
        lastName = null;
        lastBucket = null;
    }

    /** Whether the bucket exists. */
    public boolean hasBucket(Bytes name) {
        checkOpen();
        return root.isBucket(name);
    }

    /**
     * Sets a key.
     *
     * @throws IllegalArgumentException if the bucket does not exist, or the key's length is out of range
     */
    public void put(Bytes bucket, Bytes key, Bytes value) {
        change();
        checkKey(key);
        existing(bucket).put(key, value, 0);
    }

    /**
     * Removes a key.
     *
     * @return whether it was there
     */
    public boolean delete(Bytes bucket, Bytes key) {
        change();
        return existing(bucket).delete(key, false);
    }

    /** The value of a key as this transaction sees it, null if the key or the bucket is absent. */
    public @Nullable Bytes get(Bytes bucket, Bytes key) {
        checkOpen();
        TxBucket found = bucket(bucket);
        return found == null ? null : found.get(key, false);
    }

    /** Sets how full split pages of a bucket become, 0.1 to 1.0, for this transaction. */
    public void fillPercent(Bytes bucket, double percent) {
        checkOpen();
        fillPercents.put(bucket, percent);
        TxBucket loaded = buckets.get(bucket);
        if (loaded != null) loaded.fillPercent(percent);
    }

    /**
     * One step of online defragmentation, to be called before anything else is changed in this transaction: drops free
     * pages at the end of the file from the high-water mark, and marks live pages near the end to be rewritten into free
     * pages below. The file itself is cut by {@link BoltFile#shrink()} once no meta page and no snapshot needs the end.
     *
     * @param maxPages pages to move at most, without the pages above them in their trees
     */
    public RelocateResult relocate(int maxPages) {
        checkOpen();
        Check.that(!changed, "relocate comes first in a transaction");
        changed = true;
        long end = freelist.trim(hwm);
        if (end != hwm) {
            trimmedFrom = hwm;
            hwm = end;
        }
        int moved = 0;
        for (Relocation.Move move : new Relocation(pages, freelist, base, hwm).choose(maxPages)) {
            moved += move.span();
            Bytes name = move.bucket();
            TxBucket owner = name == null ? root : existing(name);
            owner.loadPath(move.firstKey(), move.pageId());
        }
        return new RelocateResult(moved, base.hwm(), end);
    }

    /**
     * One step of online defragmentation, to be called before anything else is changed in this transaction: leaf pages
     * side by side that deletions left half empty are merged, and split anew at the bucket's fill percent when written.
     * Looks at no more than {@code leavesMax} leaves below one branch page.
     *
     * @param from where to begin; empty for the first key
     */
    public PackResult pack(Bytes bucket, Bytes from, int leavesMax) {
        checkOpen();
        Check.that(!changed, "pack comes first in a transaction");
        TxBucket found = bucket(bucket);
        if (found == null) return new PackResult(0, null);
        PackResult result = found.pack(from, leavesMax);
        changed = result.pagesSaved() > 0;
        return result;
    }

    /**
     * Makes everything durable and visible to new snapshots.
     *
     * @throws BoltException if the disk failed: then the file refuses everything from now on, and what was committed
     *     last is what a new open finds, either this transaction or the one before
     */
    public void commit() {
        checkOpen();
        open = false;
        file.commit(this);
    }

    /** Gives everything up. A second call, or one after commit, does nothing. */
    public void rollback() {
        if (!open) return;
        open = false;
        undo();
        file.ended(this);
    }

    // What follows is for the classes that do the commit.

    /** Turns the changes into placed pages; the result is the new meta, its freelist still to be placed. */
    Meta spill() {
        root.rebalance();
        Map<Bytes, TxBucket> ordered = new TreeMap<>(buckets);
        for (TxBucket bucket : ordered.values()) bucket.rebalance();
        for (Map.Entry<Bytes, TxBucket> each : ordered.entrySet()) {
            TxBucket bucket = each.getValue();
            if (!bucket.touched()) continue;
            Bytes value;
            if (bucket.inlineable()) {
                value = bucket.spillInline();
            } else {
                bucket.spill();
                value = bucket.headerValue();
            }
            root.put(each.getKey(), value, Page.BUCKET_ELEMENT);
        }
        root.spill();
        return new Meta(base.pageSize(), root.root(), base.sequence(), base.freelist(), hwm, txid);
    }

    /** Takes pages for a spilled part of a node. */
    NodePage place(Node node, int from, int to, long size) {
        int span = (int) ((size + pageSize() - 1) / pageSize());
        NodePage page = new NodePage(node, from, to, allocate(span), span);
        placed.add(page);
        return page;
    }

    /** Takes a run of pages, from the free ones or at the end. */
    long allocate(int span) {
        long id = freelist.allocate(txid, span);
        if (id != 0) return id;
        id = hwm;
        hwm += span;
        if (hwm > Integer.MAX_VALUE) throw new IllegalStateException("page ids exhausted");
        file.growth().reached((hwm + 1) * pageSize(), file.fileBytes());
        return id;
    }

    /** Gives up a node's old page. */
    void free(Node node) {
        if (node.pageId == 0) return;
        freelist.free(txid, node.pageId, node.pageSpan);
        node.pageId = 0;
    }

    Page load(long id) {
        return pages.load(id, base.hwm());
    }

    int pageSize() {
        return base.pageSize();
    }

    Meta base() {
        return base;
    }

    long hwm() {
        return hwm;
    }

    List<NodePage> placed() {
        return placed;
    }

    /** Puts the freelist back to where it was: pages are only taken during a commit, so there are none to give back. */
    private void undo() {
        freelist.forget(txid);
        for (long id = hwm; id < trimmedFrom; id++) freelist.add(id);
    }

    private TxBucket existing(Bytes name) {
        TxBucket last = lastBucket;
        if (last != null && lastName != null && name.equals(lastName)) return last;
        TxBucket found = bucket(name);
        if (found == null) throw new IllegalArgumentException("bucket not found: " + name.toUtf8());
        lastName = name;
        lastBucket = found;
        return found;
    }

    private @Nullable TxBucket bucket(Bytes name) {
        TxBucket loaded = buckets.get(name);
        if (loaded != null) return loaded;
        if (!root.isBucket(name)) return null;
        Bytes value = Objects.requireNonNull(root.get(name, true));
        loaded = TxBucket.of(this, value, fillPercents.getOrDefault(name, file.options().fillPercent()));
        buckets.put(name, loaded);
        return loaded;
    }

    private void change() {
        checkOpen();
        changed = true;
    }

    private void checkOpen() {
        file.checkUsable();
        if (!open) throw new IllegalStateException("transaction " + txid + " has ended");
    }

    private static void checkKey(Bytes key) {
        if (key.isEmpty() || key.length() > KEY_BYTES_MAX) throw new IllegalArgumentException("key of " + key.length() + " bytes");
    }

}
