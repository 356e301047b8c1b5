package io.binnacle.io.sim;

import java.nio.file.Path;

/**
 * What a program is about to do to a {@link SimDisk}.
 *
 * @param number counts operations of all kinds from 1
 * @param position byte offset for reads and writes, new length for truncations and allocations, else 0
 * @param length bytes to read or write, else 0
 */
public record DiskOperation(long number, Kind kind, Path path, long position, long length) {

    /** The kinds that faults can be tied to. */
    public enum Kind {
        /** Opening an existing file. */
        OPEN,
        /** Creating a file or directory. */
        CREATE,
        /** A read at a position. */
        READ,
        /** An access through a page source. */
        PAGE_READ,
        /** A write at a position. */
        WRITE,
        /** A change of length. */
        TRUNCATE,
        /** A reservation of space. */
        ALLOCATE,
        /** {@code fdatasync} or {@code fsync} of a file. */
        SYNC,
        /** {@code fsync} of a directory. */
        SYNC_DIRECTORY,
        /** A rename; the path is the old name. */
        RENAME,
        /** A removal. */
        DELETE;

        /** Whether the operation changes the disk or makes a change durable: the points at which a crash matters. */
        public boolean mutates() {
            return this != OPEN && this != READ && this != PAGE_READ;
        }
    }
}
