package io.binnacle.mvcc;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.Wire;
import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendView;
import io.binnacle.backend.Bucket;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyIndex;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rebuilds the index from the records, in one scan (formats.md 7.2). Used once, on the thread that opens the store. */
final class StoreRestore {

    /** Key of bucket {@code meta}: the revision that the last compaction was asked for, as a revision key. */
    static final Bytes SCHEDULED = Bytes.utf8("scheduledCompactRev");
    /** Key of bucket {@code meta}: the revision whose compaction finished last, as a revision key. */
    static final Bytes FINISHED = Bytes.utf8("finishedCompactRev");

    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int CREATE_REVISION = 2 << 3 | Wire.VARINT;
    private static final int VERSION = 4 << 3 | Wire.VARINT;
    private static final int LEASE = 6 << 3 | Wire.VARINT;

    /**
     * Where the store stood.
     *
     * @param revision the store's revision
     * @param scheduled the compaction that was asked for last; -1 if none ever was
     * @param finished the compaction that finished last; -1 if none ever did
     */
    record Progress(long revision, long scheduled, long finished) {}

    private final KeyIndex index;
    private final AttachmentSink attachments;
    private final KeyRevision cell = new KeyRevision();
    private final ProtoReader reader = new ProtoReader(Bytes.EMPTY);
    /** The lease that the newest record so far of each leased key names. */
    private final Map<Bytes, Long> leased = new HashMap<>();
    private long last;

    StoreRestore(KeyIndex index, AttachmentSink attachments) {
        this.index = index;
        this.attachments = attachments;
    }

    Progress run(Backend backend) {
        BackendView view = backend.view();
        try {
            view.scan(Bucket.KEY, Bytes.EMPTY, null, this::add);
            leased.forEach(attachments::attached);
            long scheduled = compaction(view.get(Bucket.META, SCHEDULED));
            long finished = compaction(view.get(Bucket.META, FINISHED));
            long revision = Math.max(1, Math.max(last, Math.max(scheduled, finished)));
            return new Progress(revision, scheduled, finished);
        } finally {
            view.release();
        }
    }

    private static long compaction(@Nullable Bytes revisionKey) {
        return revisionKey == null ? -1 : RevisionKey.main(revisionKey);
    }

    private boolean add(Bytes revisionKey, Bytes record) {
        if (!RevisionKey.is(revisionKey)) {
            throw new IllegalStateException("bucket key holds a key that is no revision: " + revisionKey);
        }
        Bytes key = Bytes.EMPTY;
        long create = 0;
        long version = 0;
        long lease = 0;
        reader.reset(record);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case KEY -> key = reader.bytes();
                case CREATE_REVISION -> create = reader.varint();
                case VERSION -> version = reader.varint();
                case LEASE -> lease = reader.varint();
                default -> reader.skip(tag);
            }
        }
        last = RevisionKey.main(revisionKey);
        int sub = (int) RevisionKey.sub(revisionKey);
        boolean tombstone = RevisionKey.isTombstone(revisionKey);
        if (tombstone) cell.tombstone(last, sub);
        else cell.put(last, sub, create, version, record.length(), lease != 0);
        index.add(key, cell);
        if (lease != 0 && !tombstone) leased.put(key.compact(), lease);
        else if (!leased.isEmpty()) leased.remove(key);
        return true;
    }
}
