package io.binnacle.backend;

import io.binnacle.io.Waker;
import java.util.function.Consumer;

/**
 * How a {@link BoltBackend} runs.
 *
 * @param uncommittedBytesMax bytes that may wait for the disk; {@link Backend#full()} from there on
 * @param sealBytes a buffer is handed to the committer at the end of the entry with which it reaches this size
 * @param sealNanos a buffer is handed over at the latest so long after its first write, between two entries
 * @param commitBytesMax buffers are merged into one transaction up to this size, so that one commit stays short
 * @param initialMapBytes the mapping that etcd would start with, which decides how the file grows (formats.md 6.9)
 * @param freelistSync whether commits store the list of free pages; etcd's default is not to
 * @param defragmentPages pages that one step of a defragmentation moves at most
 * @param committerWaker wakes the thread of {@link Backend#committer()}
 * @param committed called on the committer's thread after each commit, with new file pages for readers: whoever
 *     publishes views should take a new one soon, even if no entry was applied, since an old one holds back pages
 * @param fatal told once, on the committer's thread, why nothing more will be committed
 */
public record BackendConfig(
        long uncommittedBytesMax,
        long sealBytes,
        long sealNanos,
        long commitBytesMax,
        long initialMapBytes,
        boolean freelistSync,
        int defragmentPages,
        Waker committerWaker,
        Waker committed,
        Consumer<Throwable> fatal) {

    /** Checks the ranges. */
    public BackendConfig {
        if (uncommittedBytesMax <= 0) throw new IllegalArgumentException("uncommitted bytes " + uncommittedBytesMax);
        if (sealBytes <= 0 || sealBytes > uncommittedBytesMax) throw new IllegalArgumentException("seal bytes " + sealBytes);
        if (sealNanos <= 0) throw new IllegalArgumentException("seal nanos " + sealNanos);
        if (commitBytesMax <= 0) throw new IllegalArgumentException("commit bytes " + commitBytesMax);
        if (defragmentPages <= 0) throw new IllegalArgumentException("defragment pages " + defragmentPages);
    }

    /** 64 MiB uncommitted, buffers of 4 MiB or 100 ms, commits of 8 MiB, growth as with etcd's 10 GiB mapping. */
    public static BackendConfig defaults(Waker committerWaker, Waker committed, Consumer<Throwable> fatal) {
        return new BackendConfig(64L << 20, 4L << 20, 100_000_000L, 8L << 20, 10L << 30, false, 256,
                committerWaker, committed, fatal);
    }

    /** The same with other bounds of the buffers, in bytes. */
    public BackendConfig withBytes(long uncommittedMax, long seal, long commitMax) {
        return new BackendConfig(uncommittedMax, seal, sealNanos, commitMax, initialMapBytes, freelistSync,
                defragmentPages, committerWaker, committed, fatal);
    }

    /** The same with another time, in nanoseconds, after which a buffer is handed over. */
    public BackendConfig withSealNanos(long nanos) {
        return new BackendConfig(uncommittedBytesMax, sealBytes, nanos, commitBytesMax, initialMapBytes, freelistSync,
                defragmentPages, committerWaker, committed, fatal);
    }

    /** The same with another mapping to start with, and the list of free pages stored or not. */
    public BackendConfig withFile(long initialMap, boolean syncFreelist) {
        return new BackendConfig(uncommittedBytesMax, sealBytes, sealNanos, commitBytesMax, initialMap, syncFreelist,
                defragmentPages, committerWaker, committed, fatal);
    }

    /** The same with other steps of defragmentation, in pages. */
    public BackendConfig withDefragmentPages(int pages) {
        return new BackendConfig(uncommittedBytesMax, sealBytes, sealNanos, commitBytesMax, initialMapBytes, freelistSync,
                pages, committerWaker, committed, fatal);
    }
}
