package io.binnacle.bolt;

import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes pages given in ascending order, neighbours in one piece, through one bounded buffer. Owned by the writer's
 * thread. Disk failures come out as {@link UncheckedIOException}, for the commit to take.
 */
final class PageSink {

    private static final int BUFFER_BYTES = 1 << 20;

    private final DiskFile file;
    private final int pageSize;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    /** Where in the file the buffer's first byte belongs. */
    private long start;

    PageSink(DiskFile file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    /** Begins a commit; whatever an earlier one left is dropped. */
    void reset() {
        buffer.clear();
        start = 0;
    }

    /** Begins a page. */
    void header(long id, int flags, int count, int overflow) {
        long at = id * pageSize;
        if (at != start + buffer.position()) {
            flush();
            start = at;
        }
        room(Page.HEADER_BYTES);
        buffer.putLong(id).putShort((short) flags).putShort((short) count).putInt(overflow);
    }

    void leafElement(int flags, int pos, int keyLength, int valueLength) {
        room(Page.ELEMENT_BYTES);
        buffer.putInt(flags).putInt(pos).putInt(keyLength).putInt(valueLength);
    }

    void branchElement(int pos, int keyLength, long child) {
        room(Page.ELEMENT_BYTES);
        buffer.putInt(pos).putInt(keyLength).putLong(child);
    }

    void number(long value) {
        room(Long.BYTES);
        buffer.putLong(value);
    }

    void bytes(byte[] source, int offset, int length) {
        int done = 0;
        while (done < length) {
            room(1);
            int piece = Math.min(buffer.remaining(), length - done);
            buffer.put(source, offset + done, piece);
            done += piece;
        }
    }

    /** Fills up with zeros to the end of page {@code lastId}. */
    void pad(long lastId) {
        long end = (lastId + 1) * pageSize;
        while (start + buffer.position() < end) {
            room(1);
            int piece = (int) Math.min(buffer.remaining(), end - start - buffer.position());
            for (; piece >= Long.BYTES; piece -= Long.BYTES) buffer.putLong(0);
            for (; piece > 0; piece--) buffer.put((byte) 0);
        }
    }

    /** Hands everything to the file. */
    void flush() {
        if (buffer.position() == 0) return;
        buffer.flip();
        int length = buffer.remaining();
        try {
            file.write(start, buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start += length;
        buffer.clear();
    }

    private void room(int needed) {
        if (buffer.remaining() < needed) flush();
    }
}
