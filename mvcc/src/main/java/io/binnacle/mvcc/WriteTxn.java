package io.binnacle.mvcc;

import io.binnacle.api.kv.KeyValue;
import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendView;
import io.binnacle.backend.Bucket;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyIndex;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one entry, all under one revision that is used up only if there is a change. It sees its own writes.
 * Readers see none of them before the store's next view, so a large one may be carried out in slices. Apply thread only.
 */
public final class WriteTxn implements ReadState {

    private static final int SUB_MAX = Integer.MAX_VALUE - 8;
    /** Keys that a range deletion finds before it deletes them: the index may not change under a cursor. */
    private static final int DELETE_SLICE_KEYS = 512;

    private final MvccStore store;
    private final KeyIndex index;
    private final Backend backend;
    private final LeaseBook leases;
    private final long main;
    private final ArrayList<Event> events = new ArrayList<>(1);
    private final KeyRevision cell = new KeyRevision();
    private @Nullable BackendView before;
    private BackendView.@Nullable RevisionReader values;
    private boolean ended;

    WriteTxn(MvccStore store, KeyIndex index, Backend backend, LeaseBook leases, long main) {
        this.store = store;
        this.index = index;
        this.backend = backend;
        this.leases = leases;
        this.main = main;
    }

    /** The newest revision that it sees: the store's until something changed, its own from then on. */
    @Override
    public long revision() {
        return events.isEmpty() ? main - 1 : main;
    }

    @Override
    public long compactRevision() {
        return store.compactRevision();
    }

    /** Whether anything was changed so far. */
    public boolean changed() {
        return !events.isEmpty();
    }

    /** The index with its own writes; valid until the next one. */
    @Override
    public IndexView index() {
        return index.peek();
    }

    /** The encoded {@code KeyValue} of a key, null if the key does not exist. */
    public @Nullable Bytes get(Bytes key) {
        KeyRevision newest = new KeyRevision();
        return index.newest(key, newest) && !newest.tombstone() ? load(newest) : null;
    }

    @Override
    public Bytes load(KeyRevision revision) {
        if (revision.main() == main) return events.get(revision.sub()).keyValue();
        if (values == null) {
            before = backend.view();
            values = before.revisions();
        }
        return ViewReads.present(values.value(revision.main(), revision.sub()), revision);
    }

    /** Sets a key, with a lease or 0 for none, which detaches it. The lease is not checked. */
    public void put(Bytes key, Bytes value, long lease) {
        boolean exists = index.newest(key, cell) && !cell.tombstone();
        long create = exists ? cell.create() : main;
        long version = exists ? cell.version() + 1 : 1;
        long oldLease = exists && cell.leased() ? KeyValue.lease(load(cell)) : 0;

        int sub = nextSub();
        Bytes record = new KeyValue(key, create, main, version, value, lease).encoded();
        backend.put(Bucket.KEY, RevisionKey.put(main, sub), record);
        index.add(key, cell.put(main, sub, create, version, record.length(), lease != 0));
        events.add(new Event(true, key, record, create == main));

        if (oldLease != 0 && oldLease != lease) leases.detach(oldLease, key);
        if (lease != 0) leases.attach(lease, key.compact());
    }

    /** Deletes a key; false if it does not exist. */
    public boolean delete(Bytes key) {
        if (!index.newest(key, cell) || cell.tombstone()) return false;
        long oldLease = cell.leased() ? KeyValue.lease(load(cell)) : 0;

        int sub = nextSub();
        Bytes record = new KeyValue(key, 0, 0, 0, Bytes.EMPTY, 0).encoded();
        backend.put(Bucket.KEY, RevisionKey.tombstone(main, sub), record);
        index.add(key, cell.tombstone(main, sub));
        events.add(new Event(false, key, record, false));

        if (oldLease != 0) leases.detach(oldLease, key);
        return true;
    }

    /** Deletes all keys of a range, ascending, and answers how many. */
    public long deleteRange(KeyRange range) {
        long deleted = 0;
        @Nullable Bytes from = range.from();
        while (from != null) {
            List<Bytes> slice = new ArrayList<>();
            from = slice(new KeyRange(from, range.to()), slice);
            for (Bytes key : slice) delete(key);
            deleted += slice.size();
        }
        return deleted;
    }

    /** Takes the first live keys of a range; answers where the rest begins, null if there is none. */
    private @Nullable Bytes slice(KeyRange range, List<Bytes> into) {
        IndexCursor cursor = index().cursor(range, Long.MAX_VALUE);
        while (cursor.next()) {
            Bytes key = cursor.key().compact();
            if (into.size() == DELETE_SLICE_KEYS) return key;
            into.add(key);
        }
        return null;
    }

    private int nextSub() {
        Check.that(!ended, "a write after the transaction's end");
        Check.that(events.size() < SUB_MAX, "more changes in a transaction than it has sub revisions");
        return events.size();
    }

    /** Ends it: the store's revision moves on if anything changed. */
    public EventBatch end() {
        Check.that(!ended, "a transaction ends twice");
        ended = true;
        if (before != null) before.release();
        store.ended(revision());
        return new EventBatch(revision(), Collections.unmodifiableList(events));
    }
}
