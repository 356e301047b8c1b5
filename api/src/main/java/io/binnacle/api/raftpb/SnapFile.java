package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The whole content of a {@code .snap} file: snappb.snapshot. Both fields are always written by us.
 *
 * @param crc the CRC-32C of the data; 0, which readers refuse, if none was there
 * @param data an encoded {@link Snapshot}; null if none was there
 */
public record SnapFile(int crc, @Nullable Bytes data) {

    private static final int CRC = 1 << 3 | Wire.VARINT;
    private static final int DATA = 2 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static SnapFile decode(Bytes message) {
        int crc = 0;
        @Nullable Bytes data = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case CRC -> crc = (int) reader.varint();
                case DATA -> data = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new SnapFile(crc, data);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeOfVarintField(1, Integer.toUnsignedLong(crc))
                + (data == null ? 0 : Wire.sizeOfBytesField(2, data.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.varintField(1, Integer.toUnsignedLong(crc));
        if (data != null) to.bytesField(2, data);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
