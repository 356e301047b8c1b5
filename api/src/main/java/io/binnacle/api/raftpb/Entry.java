package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the replicated log: raftpb.Entry.
 *
 * @param type 0 normal, 1 configuration change, 2 configuration change version 2
 * @param typeSet whether the type is written though it is 0, which tells plain proposals of 3.7 from those of 3.6
 * @param term the term that made it, unsigned; 0, and not written, in a proposal on its way to the leader
 * @param index its place in the log, unsigned; 0, and not written, in a proposal on its way to the leader
 * @param data what to apply; null if there is none
 */
public record Entry(int type, boolean typeSet, long term, long index, @Nullable Bytes data) {

    private static final int TYPE = 1 << 3 | Wire.VARINT;
    private static final int TERM = 2 << 3 | Wire.VARINT;
    private static final int INDEX = 3 << 3 | Wire.VARINT;
    private static final int DATA = 4 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Entry decode(Bytes message) {
        int type = 0;
        boolean typeSet = false;
        long term = 0;
        long index = 0;
        @Nullable Bytes data = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case TYPE -> {
                    type = (int) reader.varint();
                    typeSet = true;
                }
                case TERM -> term = reader.varint();
                case INDEX -> index = reader.varint();
                case DATA -> data = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new Entry(type, typeSet, term, index, data);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return (typeSet ? Wire.sizeOfVarintField(1, type) : 0) + Wire.sizeUnlessZero(2, term)
                + Wire.sizeUnlessZero(3, index) + (data == null ? 0 : Wire.sizeOfBytesField(4, data.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        if (typeSet) to.varintField(1, type);
        to.unlessZero(2, term);
        to.unlessZero(3, index);
        if (data != null) to.bytesField(4, data);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
