package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * etcd's TxnRequest. Transactions nest, up to some 5,000 deep, for etcd sets no limit: {@link #decode} copes with any
 * depth, while {@link #encode} goes a call deeper for each, which is for requests of our own making.
 *
 * @param compares the guards, all of which must hold
 * @param success what to do if they do
 * @param failure what to do if not
 */
public record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Op {

    private static final int COMPARE = 1 << 3 | Wire.BYTES;
    private static final int SUCCESS = 2 << 3 | Wire.BYTES;
    private static final int FAILURE = 3 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Txn decode(Bytes message) {
        Unread first = new Unread(message, new ArrayList<>(1), new ArrayList<>(1), new ArrayList<>(1));
        // Nested transactions are filled in one after the other, for the call stack could not hold them all.
        for (@Nullable Unread unread = first; unread != null; unread = unread.next) unread.read();
        return first.txn();
    }

    /** A transaction whose lists are not filled yet, and the chain of those found in it. */
    static final class Unread {
        private final Bytes message;
        private final List<Compare> compares;
        private final List<Op> success;
        private final List<Op> failure;
        private @Nullable Unread next;

        private Unread(Bytes message, List<Compare> compares, List<Op> success, List<Op> failure) {
            this.message = message;
            this.compares = compares;
            this.success = success;
            this.failure = failure;
        }

        private Txn txn() {
            return new Txn(Collections.unmodifiableList(compares), Collections.unmodifiableList(success),
                    Collections.unmodifiableList(failure));
        }

        /** A transaction within this one, to be read after it. */
        Txn nested(Bytes request) {
            Unread nested = new Unread(request, new ArrayList<>(1), new ArrayList<>(1), new ArrayList<>(1));
            nested.next = next;
            next = nested;
            return nested.txn();
        }

        private void read() {
            ProtoReader reader = new ProtoReader(message);
            for (int tag; (tag = reader.next()) != 0;) {
                switch (tag) {
                    case COMPARE -> compares.add(Compare.decode(reader.bytes()));
                    case SUCCESS -> success.add(Op.decode(reader.bytes(), this));
                    case FAILURE -> failure.add(Op.decode(reader.bytes(), this));
                    default -> reader.skip(tag);
                }
            }
        }
    }

    @Override
    public int encodedLength() {
        int length = 0;
        for (Compare compare : compares) length += Wire.sizeOfBytesField(1, compare.encodedLength());
        for (Op op : success) length += Wire.sizeOfBytesField(2, op.wrappedLength());
        for (Op op : failure) length += Wire.sizeOfBytesField(3, op.wrappedLength());
        return length;
    }

    @Override
    public void encode(ProtoWriter to) {
        for (Compare compare : compares) {
            int begun = to.begin(1);
            compare.encode(to);
            to.end(begun);
        }
        encode(to, 2, success);
        encode(to, 3, failure);
    }

    private static void encode(ProtoWriter to, int field, List<Op> ops) {
        for (Op op : ops) {
            int begun = to.begin(field);
            op.encodeWrapped(to);
            to.end(begun);
        }
    }
}
