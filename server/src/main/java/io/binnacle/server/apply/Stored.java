package io.binnacle.server.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.binnacle.base.Bytes;

/** Reads records of the backend that only this program or etcd writes: one that does not parse means corruption. */
final class Stored {

    private Stored() {}

    /** Parses a stored record, or throws {@link CorruptRecord} naming its bucket and key. */
    static <T> T parse(String bucket, Bytes key, Bytes value, Parser<T> parser) {
        try {
            return parser.parseFrom(value.array(), value.offset(), value.length());
        } catch (InvalidProtocolBufferException malformed) {
            throw new CorruptRecord(bucket, key, malformed);
        }
    }

    /** A record of the database does not parse. The member stops: going on would serve or replicate a wrong state. */
    static final class CorruptRecord extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        CorruptRecord(String bucket, Bytes key, Exception cause) {
            super("db: bucket " + bucket + ", key " + key + " does not parse: " + cause.getMessage(), cause);
        }
    }
}
