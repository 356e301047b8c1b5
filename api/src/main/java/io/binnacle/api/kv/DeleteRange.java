package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * etcd's DeleteRangeRequest.
 *
 * @param key the first key
 * @param rangeEnd the end, exclusive; empty for the one key, a single zero byte for all keys from the first
 * @param prevKv whether the answer shall hold the deleted pairs
 */
public record DeleteRange(Bytes key, Bytes rangeEnd, boolean prevKv) implements Op {

    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int RANGE_END = 2 << 3 | Wire.BYTES;
    private static final int PREV_KV = 3 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static DeleteRange decode(Bytes message) {
        Bytes key = Bytes.EMPTY;
        Bytes rangeEnd = Bytes.EMPTY;
        boolean prevKv = false;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case KEY -> key = reader.bytes();
                case RANGE_END -> rangeEnd = reader.bytes();
                case PREV_KV -> prevKv = reader.bool();
                default -> reader.skip(tag);
            }
        }
        return new DeleteRange(key, rangeEnd, prevKv);
    }

    @Override
    public int encodedLength() {
        return Wire.sizeUnlessEmpty(1, key.length())
                + Wire.sizeUnlessEmpty(2, rangeEnd.length())
                + Wire.sizeUnlessFalse(3, prevKv);
    }

    @Override
    public void encode(ProtoWriter to) {
        to.unlessEmpty(1, key);
        to.unlessEmpty(2, rangeEnd);
        to.unlessFalse(3, prevKv);
    }
}
