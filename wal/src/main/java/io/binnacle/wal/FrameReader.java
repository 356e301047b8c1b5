package io.binnacle.wal;

import io.binnacle.api.raftpb.WalRecord;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.base.Bytes;
import io.binnacle.base.Crc32c;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in order and checks them against the rolling checksum.
 *
 * <pre>
 * frame:  u64le length field | record | padding to a multiple of 8
 *         low 56 bits: record bytes; top byte: 0x80 | padding bytes, or 0 without padding
 * </pre>
 */
final class FrameReader {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int SECTOR_BYTES = 512;
    private static final long RECORD_BYTES_MASK = 0x00FFFFFFFFFFFFFFL;

    private final DiskFile file;
    private final String name;
    private final boolean last;
    private final long size;
    private final ByteBuffer chunk;
    private long chunkOffset;
    private long offset;
    private long frameOffset;
    /** The accumulator: 0 accepts whatever the next checksum record says. */
    private int crc;
    private int crcBefore;

    /** Stands at the beginning; only the last segment of a log may be torn. */
    FrameReader(DiskFile file, String name, boolean last, int crc) throws IOException {
        this.file = file;
        this.name = name;
        this.last = last;
        this.crc = crc;
        this.size = file.size();
        this.chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(8, size))).order(ByteOrder.LITTLE_ENDIAN);
        chunk.limit(0);
    }

    /** Stands at a frame in the middle, where the accumulator was {@code crc}. */
    static FrameReader at(DiskFile file, String name, long offset, int crc) throws IOException {
        FrameReader reader = new FrameReader(file, name, false, crc);
        reader.offset = offset;
        return reader;
    }

    /** Where the next frame begins: behind the last good record. */
    long offset() {
        return offset;
    }

    /** Where the record read last begins. */
    long frameOffset() {
        return frameOffset;
    }

    /** The accumulator after the record read last. */
    int crc() {
        return crc;
    }

    /** The accumulator before the record read last. */
    int crcBefore() {
        return crcBefore;
    }

    /** The file's length when it was opened. */
    long size() {
        return size;
    }

    /**
     * The next record; null at the end, which is the file's or a zero length field.
     *
     * @throws WalException UNEXPECTED_END, CRC_MISMATCH or MALFORMED; the reader then stands before the bad frame
     */
    @Nullable WalRecord next() throws IOException {
        frameOffset = offset;
        if (offset == size) return null;
        if (size - offset < 8) throw failure(WalException.Kind.UNEXPECTED_END, "unexpected EOF");
        long lengthField = load(offset, 8).getLong();
        if (lengthField == 0) return null;
        long recordBytes = lengthField & RECORD_BYTES_MASK;
        int padding = lengthField < 0 ? (int) (lengthField >>> 56) & 7 : 0;
        if (recordBytes > size - offset - padding || recordBytes + padding > size - offset - 8) {
            throw failure(WalException.Kind.UNEXPECTED_END, "unexpected EOF");
        }
        if (recordBytes > Integer.MAX_VALUE - 64) {
            throw failure(WalException.Kind.MALFORMED, "record of " + recordBytes + " bytes");
        }
        byte[] frame = new byte[(int) recordBytes + padding];
        read(offset + 8, frame);
        WalRecord record = check(frame, (int) recordBytes);
        offset += 8 + frame.length;
        return record;
    }

    private WalRecord check(byte[] frame, int recordBytes) throws WalException {
        WalRecord record;
        try {
            record = WalRecord.decode(Bytes.of(frame, 0, recordBytes));
        } catch (ProtoFormatException malformed) {
            if (torn(frame)) throw failure(WalException.Kind.UNEXPECTED_END, "unexpected EOF, torn record");
            throw failure(WalException.Kind.MALFORMED, "no record: " + malformed.getMessage());
        }
        crcBefore = crc;
        if (record.type() == RecordType.CRC) {
            if (crc != 0 && crc != record.crc()) {
                throw failure(WalException.Kind.CRC_MISMATCH, "walpb: crc mismatch");
            }
            crc = record.crc();
            return record;
        }
        int computed = record.data() == null ? crc : Crc32c.update(crc, record.data());
        if (computed != record.crc()) {
            if (torn(frame)) throw failure(WalException.Kind.UNEXPECTED_END, "unexpected EOF, torn record");
            throw failure(WalException.Kind.CRC_MISMATCH, "walpb: crc mismatch: expected: "
                    + Integer.toHexString(record.crc()) + " computed: " + Integer.toHexString(computed));
        }
        crc = computed;
        return record;
    }

    /** Whether a whole piece between two sector boundaries of the file is zero: a sector that was never written. */
    private boolean torn(byte[] frame) {
        if (!last) return false;
        long at = frameOffset + 8;
        for (int from = 0; from < frame.length; ) {
            int to = (int) Math.min(frame.length, from + SECTOR_BYTES - (at + from) % SECTOR_BYTES);
            boolean zero = true;
            for (int index = from; index < to && zero; index++) zero = frame[index] == 0;
            if (zero) return true;
            from = to;
        }
        return false;
    }

    /** The buffer, standing at {@code position} with at least {@code length} bytes, which the file has. */
    private ByteBuffer load(long position, int length) throws IOException {
        if (position < chunkOffset || position + length > chunkOffset + chunk.limit()) {
            chunk.clear();
            file.read(position, chunk);
            chunk.flip();
            chunkOffset = position;
            if (chunk.limit() < length) throw failure(WalException.Kind.UNEXPECTED_END, "file became shorter");
        }
        return chunk.position((int) (position - chunkOffset));
    }

    private void read(long position, byte[] target) throws IOException {
        if (target.length <= chunk.capacity()) {
            load(position, target.length).get(target);
        } else if (file.read(position, ByteBuffer.wrap(target)) < target.length) {
            throw failure(WalException.Kind.UNEXPECTED_END, "file became shorter");
        }
    }

    WalException failure(WalException.Kind kind, String what) {
        return new WalException(kind, what + ": in file '" + name + "' at position: " + frameOffset);
    }
}
