package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** An operation of a transaction, or the same as a request of its own: what etcd calls RequestOp. */
public sealed interface Op permits Range, Put, DeleteRange, Txn, Op.None {

    /** A RequestOp in which nothing is set. It can arrive; etcd refuses it. */
    record None() implements Op {
        @Override
        public int encodedLength() {
            return 0;
        }

        @Override
        public void encode(ProtoWriter to) {}
    }

    /** The number of bytes {@link #encode} writes. */
    int encodedLength();

    /** Writes the request's own fields in ascending order, zero values left out. */
    void encode(ProtoWriter to);

    /** The encoded request. */
    default Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }

    /** The field of RequestOp, and of ResponseOp, that holds this kind: 1 range, 2 put, 3 delete_range, 4 txn, 0 none. */
    default int field() {
        return switch (this) {
            case Range _ -> 1;
            case Put _ -> 2;
            case DeleteRange _ -> 3;
            case Txn _ -> 4;
            case None _ -> 0;
        };
    }

    /** Reads a RequestOp. Of two different operations the last wins; two of one kind merge, as in Go's protobuf. */
    static Op decode(Bytes requestOp, Txn.Unread within) {
        int chosen = 0;
        @Nullable Bytes request = null;
        ProtoReader reader = new ProtoReader(requestOp);
        for (int tag; (tag = reader.next()) != 0;) {
            int field = ProtoReader.field(tag);
            if ((tag & 7) != Wire.BYTES || field > 4) {
                reader.skip(tag);
                continue;
            }
            request = ProtoReader.merged(field == chosen ? request : null, reader.bytes());
            chosen = field;
        }
        if (request == null) return new None();
        return switch (chosen) {
            case 1 -> Range.decode(request);
            case 2 -> Put.decode(request);
            case 3 -> DeleteRange.decode(request);
            default -> within.nested(request);
        };
    }

    /** The number of bytes of this operation as a RequestOp. */
    default int wrappedLength() {
        return this instanceof None ? 0 : Wire.sizeOfBytesField(field(), encodedLength());
    }

    /** Writes this operation as a RequestOp. */
    default void encodeWrapped(ProtoWriter to) {
        if (this instanceof None) return;
        int begun = to.begin(field()); // not by length: nested transactions would be measured once a level
        encode(to);
        to.end(begun);
    }
}
