package io.binnacle.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Pages of a mapped file. The mapping reaches past the end of the file, so a file that grows needs no new one until
 * the reserve is used up; then a larger mapping is made and the old one stays, because readers may hold parts of it,
 * until {@link #close()} removes them all together. A part used after that throws {@link IllegalStateException}
 * instead of touching foreign memory.
 */
final class MappedPages implements PageSource {

    private static final long GRANULE_BYTES = 1L << 20;

    private final DiskFile file;
    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    /** Never longer than the mapping, and never past the end of the file. */
    private volatile long committed;
    /** Written before the committed length that needs it is. */
    private volatile MemorySegment mapping;

    MappedPages(DiskFile file, int descriptor, long reserveBytes) throws IOException {
        this.file = file;
        this.descriptor = descriptor;
        try {
            committed = file.size();
            mapping = mapAtLeast(committed, Math.max(reserveBytes, committed));
        } catch (IOException failed) {
            arena.close();
            throw failed;
        }
    }

    /** Asks for all of {@code wanted}; where the process may not have that much address space, for less. */
    private MemorySegment mapAtLeast(long needed, long wanted) throws IOException {
        long length = rounded(wanted);
        while (true) {
            try {
                return NativeFiles.map(descriptor, length, arena, file.path());
            } catch (IOException refused) {
                if (length == rounded(needed)) throw refused;
                length = rounded(Math.max(needed, length / 2));
            }
        }
    }

    private static long rounded(long length) {
        return (Math.max(length, 1) + GRANULE_BYTES - 1) / GRANULE_BYTES * GRANULE_BYTES;
    }

    @Override
    public MemorySegment read(long offset, long length) throws IOException {
        long end = committed; // read before the mapping, which is never shorter than a length seen
        if (offset < 0 || length < 0 || offset > end - length) throw outside(offset, length, end);
        return mapping.asSlice(offset, length);
    }

    private IOException outside(long offset, long length, long end) {
        return new IOException(
                "read " + file.path() + ": " + length + " bytes at " + offset + " reach past the committed length " + end);
    }

    @Override
    public long committedLength() {
        return committed;
    }

    @Override
    public synchronized void committedLength(long length) throws IOException {
        long size = file.size();
        if (length < 0 || length > size) {
            throw new IOException("commit " + file.path() + ": length " + length + " of a file of " + size + " bytes");
        }
        if (length > mapping.byteSize()) mapping = mapAtLeast(length, length * 2);
        committed = length;
    }

    @Override
    public synchronized void close() {
        if (!arena.scope().isAlive()) return;
        committed = 0;
        arena.close();
    }
}
