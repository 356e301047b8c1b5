package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * etcd's PutRequest.
 *
 * @param key the key, empty if not given
 * @param value the value, empty if not given
 * @param lease the lease to attach the key to, 0 for none
 * @param prevKv whether the answer shall hold the pair as it was
 * @param ignoreValue whether to keep the value as it is
 * @param ignoreLease whether to keep the lease as it is
 */
public record Put(Bytes key, Bytes value, long lease, boolean prevKv, boolean ignoreValue, boolean ignoreLease) implements Op {

    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int VALUE = 2 << 3 | Wire.BYTES;
    private static final int LEASE = 3 << 3 | Wire.VARINT;
    private static final int PREV_KV = 4 << 3 | Wire.VARINT;
    private static final int IGNORE_VALUE = 5 << 3 | Wire.VARINT;
    private static final int IGNORE_LEASE = 6 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Put decode(Bytes message) {
        Bytes key = Bytes.EMPTY;
        Bytes value = Bytes.EMPTY;
        long lease = 0;
        boolean prevKv = false;
        boolean ignoreValue = false;
        boolean ignoreLease = false;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case KEY -> key = reader.bytes();
                case VALUE -> value = reader.bytes();
                case LEASE -> lease = reader.varint();
                case PREV_KV -> prevKv = reader.bool();
                case IGNORE_VALUE -> ignoreValue = reader.bool();
                case IGNORE_LEASE -> ignoreLease = reader.bool();
                default -> reader.skip(tag);
            }
        }
        return new Put(key, value, lease, prevKv, ignoreValue, ignoreLease);
    }

    @Override
    public int encodedLength() {
        return Wire.sizeUnlessEmpty(1, key.length())
                + Wire.sizeUnlessEmpty(2, value.length())
                + Wire.sizeUnlessZero(3, lease)
                + Wire.sizeUnlessFalse(4, prevKv)
                + Wire.sizeUnlessFalse(5, ignoreValue)
                + Wire.sizeUnlessFalse(6, ignoreLease);
    }

    @Override
    public void encode(ProtoWriter to) {
        to.unlessEmpty(1, key);
        to.unlessEmpty(2, value);
        to.unlessZero(3, lease);
        to.unlessFalse(4, prevKv);
        to.unlessFalse(5, ignoreValue);
        to.unlessFalse(6, ignoreLease);
    }
}
