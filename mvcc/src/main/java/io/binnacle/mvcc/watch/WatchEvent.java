package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.Event;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** One change, encoded when it is first wanted and then shared by all watchers. For one thread at a time. */
final class WatchEvent {

    final long revision;
    final boolean put;
    final Bytes key;
    private final boolean create;
    private final Bytes record;
    private @Nullable Bytes plain;
    private @Nullable Bytes withPrevious;

    /**
     * A change.
     *
     * @param record the stored record; a deletion's holds the key alone
     * @param create whether a put made the key
     */
    WatchEvent(long revision, boolean put, Bytes key, Bytes record, boolean create) {
        this.revision = revision;
        this.put = put;
        this.key = key;
        this.record = record;
        this.create = create;
    }

    /** Whether a watcher of this flavor hears of it. */
    boolean passes(int flavor) {
        return put ? !Flavor.noPut(flavor) : !Flavor.noDelete(flavor);
    }

    /** The event as a field of a response, for a watcher of this flavor. */
    Bytes field(int flavor, PreviousPairs pairs) {
        if (!Flavor.previous(flavor) || create) {
            if (plain == null) plain = new Event(!put, keyValue(), null).encodedField();
            return plain;
        }
        if (withPrevious == null) {
            withPrevious = new Event(!put, keyValue(), pairs.at(key, revision - 1)).encodedField();
        }
        return withPrevious;
    }

    private Bytes keyValue() {
        return put ? record : new KeyValue(key, 0, revision, 0, Bytes.EMPTY, 0).encoded();
    }
}
