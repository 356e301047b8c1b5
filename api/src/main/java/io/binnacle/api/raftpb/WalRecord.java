package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log file: walpb.Record. Type and checksum are always written.
 *
 * @param type 1 metadata, 2 {@link Entry}, 3 {@link HardState}, 4 checksum, 5 {@link WalSnapshot}
 * @param crc the rolling CRC-32C after this record's data
 * @param data the encoded content; null in checksum records
 */
public record WalRecord(long type, int crc, @Nullable Bytes data) {

    private static final int TYPE = 1 << 3 | Wire.VARINT;
    private static final int CRC = 2 << 3 | Wire.VARINT;
    private static final int DATA = 3 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static WalRecord decode(Bytes message) {
        long type = 0;
        int crc = 0;
        @Nullable Bytes data = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case TYPE -> type = reader.varint();
                case CRC -> crc = (int) reader.varint();
                case DATA -> data = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new WalRecord(type, crc, data);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeOfVarintField(1, type) + Wire.sizeOfVarintField(2, Integer.toUnsignedLong(crc))
                + (data == null ? 0 : Wire.sizeOfBytesField(3, data.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.varintField(1, type);
        to.varintField(2, Integer.toUnsignedLong(crc));
        if (data != null) to.bytesField(3, data);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
