package io.binnacle.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Read access to parts of a file as memory, mapped or through a bounded cache of positional reads.
 *
 * <p>Every access is checked against the committed length, which its writer raises after a sync and lowers only when no
 * reader can reach past the new end; so a truncated file never shows as a fault inside a mapping. Reads may come from
 * any thread.
 */
public interface PageSource extends AutoCloseable {

    /**
     * The bytes [offset, offset + length), little-endian layouts to be chosen by the caller. The segment must not be
     * kept past the pin under which it was obtained, nor past {@link #close()}.
     *
     * @throws IOException if they do not lie within the committed length, or the disk failed
     */
    MemorySegment read(long offset, long length) throws IOException;

    /** The length up to which {@link #read} may go, in bytes. */
    long committedLength();

    /** Sets the committed length; the file is at least that long. Called by the file's one writer. */
    void committedLength(long length) throws IOException;

    @Override
    void close() throws IOException;
}
