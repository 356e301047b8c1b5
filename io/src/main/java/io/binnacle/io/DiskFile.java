package io.binnacle.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * One open file, read and written at given positions. Reads may come from any thread; writes, truncation and syncs
 * from one at a time.
 */
public interface DiskFile extends AutoCloseable {

    /** What {@link #tryLock} takes. Locks are released by {@link #close()}. */
    enum Lock {
        /** {@code fcntl(F_OFD_SETLK)}, exclusive, whole file: what etcd holds on log segments. */
        OFD_EXCLUSIVE,
        /** {@code flock(LOCK_EX)}: what bbolt's writer holds. */
        FLOCK_EXCLUSIVE,
        /** {@code flock(LOCK_SH)}: what bbolt's read-only openers hold. */
        FLOCK_SHARED
    }

    /** The path it was opened by. */
    Path path();

    /** Length in bytes. */
    long size() throws IOException;

    /**
     * Reads from {@code position} until the buffer is full or the file ends.
     *
     * @return bytes read, 0 at or past the end
     */
    int read(long position, ByteBuffer target) throws IOException;

    /** Writes all that remains in the buffer, growing the file as needed. Not durable before a sync. */
    void write(long position, ByteBuffer source) throws IOException;

    /** {@code fdatasync}: contents and length are durable afterwards. A failure is final: the kernel may have dropped pages. */
    void datasync() throws IOException;

    /** {@code fsync}. */
    void sync() throws IOException;

    /** Sets the length, cutting off or extending with zeros. */
    void truncate(long length) throws IOException;

    /** Reserves space up to {@code length} ({@code fallocate}); extends the file with zeros where it is shorter. */
    void allocate(long length) throws IOException;

    /** Takes a lock without waiting; false if another holder is in the way. */
    boolean tryLock(Lock lock) throws IOException;

    /** Opens this file's pages for reading. The source must be closed before the file. */
    PageSource pages() throws IOException;

    /** Closes the file and releases its locks; a second call does nothing. */
    @Override
    void close() throws IOException;
}
