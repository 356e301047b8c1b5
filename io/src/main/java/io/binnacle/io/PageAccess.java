package io.binnacle.io;

/** How a {@link SystemDisk} gives access to pages; the design's decision D8 tells why there are two ways. */
public sealed interface PageAccess {

    /** Maps the file with as much address space ahead of its end as is given, in bytes; it is remapped when outgrown. */
    record Mapped(long reserveBytes) implements PageAccess {
        /** Checks the size. */
        public Mapped {
            if (reserveBytes < 0) throw new IllegalArgumentException("reserveBytes " + reserveBytes);
        }
    }

    /** Reads at positions, keeping at most {@code cacheBytes} of heap per open file in blocks of {@code blockBytes}. */
    record Positional(long cacheBytes, int blockBytes) implements PageAccess {
        /** Checks the sizes: blocks are a power of two of at least 512 bytes. */
        public Positional {
            if (blockBytes < 512 || Integer.bitCount(blockBytes) != 1) {
                throw new IllegalArgumentException("blockBytes " + blockBytes);
            }
            if (cacheBytes < blockBytes) throw new IllegalArgumentException("cacheBytes " + cacheBytes);
        }
    }

    /** Address space for what etcd maps at first (10 GiB) and some growth; it costs no memory. */
    PageAccess DEFAULT = new Mapped(16L << 30);
}
