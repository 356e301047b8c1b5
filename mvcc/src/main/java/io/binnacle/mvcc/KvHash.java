package io.binnacle.mvcc;

import io.binnacle.api.kv.KeyValue;
import io.binnacle.backend.Bucket;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.zip.CRC32C;

/**
 * The hash of the keys as of a revision, fed with the records in order (formats.md 8.1). Above the compact revision
 * every record counts; below only what is still visible, so that it does not matter how far a compaction has come.
 */
final class KvHash {

    /** Where the scan begins. */
    static final Bytes BEGIN = RevisionKey.put(0, 0);

    private enum Survivors { UNKNOWN, NONE, SOME }

    private final CRC32C crc = new CRC32C();
    private final long compactRevision;
    private final long revision;
    private final boolean compacting;
    private final KeyRevision cell = new KeyRevision();
    /** Whether any key survives at the revision; if none does, nothing is left out for not surviving. */
    private Survivors survivors = Survivors.UNKNOWN;

    /**
     * A hash at {@code revision} of a store compacted at {@code compactRevision}.
     *
     * @param compacting whether a compaction at {@code revision} takes it, to which a key deleted exactly there counts
     *     as surviving
     */
    KvHash(long compactRevision, long revision, boolean compacting) {
        this.compactRevision = compactRevision;
        this.revision = revision;
        this.compacting = compacting;
        Bytes name = Bucket.KEY.bucketName();
        crc.update(name.array(), name.offset(), name.length());
    }

    /** Where the scan for a revision ends, exclusive. A negative revision has nothing before it. */
    static Bytes end(long revision) {
        return revision < 0 ? BEGIN : RevisionKey.put(revision + 1, 0);
    }

    /** Adds a record whose revision is not above that of the hash; the index may be of any later moment. */
    void add(IndexView index, Bytes key, Bytes record) {
        long main = RevisionKey.main(key);
        if (main <= compactRevision) {
            if (anySurvive(index) && !survives(index, revision, key, record, compacting, cell)) return;
            if (main == compactRevision && RevisionKey.isTombstone(key)) return;
        }
        crc.update(key.array(), key.offset(), key.length());
        crc.update(record.array(), record.offset(), record.length());
    }

    /** Whether a record is its key's newest at the revision and a put; or a tombstone exactly there, if those count. */
    static boolean survives(IndexView index, long revision, Bytes key, Bytes record, boolean tombstonesThere,
            KeyRevision cell) {
        if (!index.find(KeyValue.key(record), revision, cell)) return false;
        if (cell.main() != RevisionKey.main(key) || cell.sub() != RevisionKey.sub(key)) return false;
        return !cell.tombstone() || (tombstonesThere && cell.main() == revision);
    }

    private boolean anySurvive(IndexView index) {
        if (survivors == Survivors.UNKNOWN) survivors = findAny(index) ? Survivors.SOME : Survivors.NONE;
        return survivors == Survivors.SOME;
    }

    private boolean findAny(IndexView index) {
        if (!compacting) return index.cursor(KeyRange.ALL, revision).next();
        IndexCursor cursor = index.cursorWithTombstones(KeyRange.ALL, revision);
        while (cursor.next()) {
            KeyRevision found = cursor.revision();
            if (!found.tombstone() || found.main() == revision) return true;
        }
        return false;
    }

    int value() {
        return (int) crc.getValue();
    }
}
