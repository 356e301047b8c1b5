package io.binnacle.wal;

import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.base.Crc32c;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Encodes records into frames (layout: {@link FrameReader}) behind one another, with the rolling checksum. */
final class FrameWriter {

    private byte[] buffer;
    private int length;
    private int crc;
    private CRC32C summer;

    FrameWriter(int capacityBytes, int crc) {
        this.buffer = new byte[capacityBytes];
        this.crc = crc;
        this.summer = Crc32c.resumed(crc);
    }

    int crc() {
        return crc;
    }

    int length() {
        return length;
    }

    /** What was encoded since the last {@link #clear}; valid until then. */
    ByteBuffer encoded() {
        return ByteBuffer.wrap(buffer, 0, length).slice();
    }

    /** Starts over with an empty buffer; the checksum goes on. */
    void clear() {
        length = 0;
    }

    /** A checksum record, which opens a segment. */
    void crcRecord() {
        frame(RecordType.CRC, null, 0, 0);
    }

    /** A record of the writer's content. */
    void record(long type, ProtoWriter data) {
        summer.update(data.array(), 0, data.length());
        crc = (int) summer.getValue();
        frame(type, data.array(), 0, data.length());
    }

    /** A record of these bytes. */
    void record(long type, Bytes data) {
        summer.update(data.array(), data.offset(), data.length());
        crc = (int) summer.getValue();
        frame(type, data.array(), data.offset(), data.length());
    }

    private void frame(long type, byte @Nullable [] data, int dataOffset, int dataLength) {
        long unsignedCrc = Integer.toUnsignedLong(crc);
        int recordBytes = 2 + 1 + sizeOf(unsignedCrc) + (data == null ? 0 : 1 + sizeOf(dataLength) + dataLength);
        int padding = -recordBytes & 7;
        reserve(8 + recordBytes + padding);
        long lengthField = recordBytes | (padding == 0 ? 0 : (0x80L | padding) << 56);
        for (int index = 0; index < 8; index++) buffer[length++] = (byte) (lengthField >>> (8 * index));
        buffer[length++] = 1 << 3; // type, a varint below 128
        buffer[length++] = (byte) type;
        buffer[length++] = 2 << 3; // crc
        varint(unsignedCrc);
        if (data != null) {
            buffer[length++] = 3 << 3 | 2; // data
            varint(dataLength);
            System.arraycopy(data, dataOffset, buffer, length, dataLength);
            length += dataLength;
        }
        Arrays.fill(buffer, length, length + padding, (byte) 0);
        length += padding;
    }

    private static int sizeOf(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    private void varint(long value) {
        long rest = value;
        while (rest > 0x7F) {
            buffer[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
    }

    private void reserve(int bytes) {
        if (buffer.length - length >= bytes) return;
        buffer = Arrays.copyOf(buffer, Math.toIntExact(Math.max((long) length + bytes, Math.min(2L * buffer.length, Integer.MAX_VALUE - 8))));
    }
}
