package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** What a client says on a watch stream: etcd's WatchRequest. */
public sealed interface WatchRequest {

    /** A message in which nothing is set; etcd passes over it. */
    record None() implements WatchRequest {}

    /** Asks for a progress report on the whole stream. */
    record Progress() implements WatchRequest {}

    /**
     * Ends a watcher.
     *
     * @param watchId its id
     */
    record Cancel(long watchId) implements WatchRequest {

        private static final int WATCH_ID = 1 << 3 | Wire.VARINT;

        static Cancel decode(Bytes message) {
            long watchId = 0;
            ProtoReader reader = new ProtoReader(message);
            for (int tag; (tag = reader.next()) != 0;) {
                if (tag == WATCH_ID) watchId = reader.varint();
                else reader.skip(tag);
            }
            return new Cancel(watchId);
        }
    }

    /**
     * Begins a watcher.
     *
     * @param key the first key
     * @param rangeEnd the end, exclusive; empty for the one key, a single zero byte for all keys from the first
     * @param startRevision the first revision to report, 0 for what is new
     * @param progressNotify whether to report progress now and then while nothing happens
     * @param noPut whether puts are left out
     * @param noDelete whether deletions are left out
     * @param prevKv whether events hold the pair as it was
     * @param watchId the id the client chose, 0 if the server shall choose
     * @param fragment whether an answer too large may be split
     */
    record Create(Bytes key, Bytes rangeEnd, long startRevision, boolean progressNotify, boolean noPut,
            boolean noDelete, boolean prevKv, long watchId, boolean fragment) implements WatchRequest {

        private static final int KEY = 1 << 3 | Wire.BYTES;
        private static final int RANGE_END = 2 << 3 | Wire.BYTES;
        private static final int START_REVISION = 3 << 3 | Wire.VARINT;
        private static final int PROGRESS_NOTIFY = 4 << 3 | Wire.VARINT;
        private static final int FILTER = 5 << 3 | Wire.VARINT;
        private static final int FILTERS_PACKED = 5 << 3 | Wire.BYTES;
        private static final int PREV_KV = 6 << 3 | Wire.VARINT;
        private static final int WATCH_ID = 7 << 3 | Wire.VARINT;
        private static final int FRAGMENT = 8 << 3 | Wire.VARINT;

        static Create decode(Bytes message) {
            Bytes key = Bytes.EMPTY;
            Bytes rangeEnd = Bytes.EMPTY;
            long startRevision = 0;
            boolean progressNotify = false;
            int filters = 0; // bit 0: NOPUT, bit 1: NODELETE; other filters mean nothing
            boolean prevKv = false;
            long watchId = 0;
            boolean fragment = false;
            ProtoReader reader = new ProtoReader(message);
            for (int tag; (tag = reader.next()) != 0;) {
                switch (tag) {
                    case KEY -> key = reader.bytes();
                    case RANGE_END -> rangeEnd = reader.bytes();
                    case START_REVISION -> startRevision = reader.varint();
                    case PROGRESS_NOTIFY -> progressNotify = reader.bool();
                    case FILTER -> filters |= filter(reader);
                    case FILTERS_PACKED -> {
                        int outer = reader.enter();
                        while (!reader.atEnd()) filters |= filter(reader);
                        reader.leave(outer);
                    }
                    case PREV_KV -> prevKv = reader.bool();
                    case WATCH_ID -> watchId = reader.varint();
                    case FRAGMENT -> fragment = reader.bool();
                    default -> reader.skip(tag);
                }
            }
            return new Create(key, rangeEnd, startRevision, progressNotify, (filters & 1) != 0, (filters & 2) != 0,
                    prevKv, watchId, fragment);
        }

        private static int filter(ProtoReader reader) {
            int number = (int) reader.varint();
            return number == 0 || number == 1 ? 1 << number : 0;
        }
    }

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    static WatchRequest decode(Bytes message) {
        int chosen = 0;
        @Nullable Bytes request = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            int field = ProtoReader.field(tag);
            if ((tag & 7) != Wire.BYTES || field > 3) {
                reader.skip(tag);
                continue;
            }
            request = ProtoReader.merged(field == chosen ? request : null, reader.bytes());
            chosen = field;
        }
        if (request == null) return new None();
        return switch (chosen) {
            case 1 -> Create.decode(request);
            case 2 -> Cancel.decode(request);
            default -> new Progress();
        };
    }
}
