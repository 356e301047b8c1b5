package io.binnacle.backend;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * All buckets as they were at one moment. Immutable; any number of threads may read it while each of them holds it.
 * Reads take no locks and never wait for a commit.
 *
 * <p>The keys {@link MetaKeys#CONSISTENT_INDEX} and {@link MetaKeys#TERM} are written by the backend itself and lag
 * behind in a view; ask {@link Backend#consistentIndex()}.
 *
 * <p>Every reading method throws {@link io.binnacle.bolt.BoltException} if the disk failed or a page is damaged, with
 * what is wrong and where in the message.
 */
public interface BackendView {

    /**
     * Holds the view once more.
     *
     * @return false if it was released for good; then the caller takes the newest view again
     */
    boolean acquire();

    /** Ends one hold. Without a hold nothing of the view may be used. */
    void release();

    /** The value of a key; null if there is none. */
    @Nullable Bytes get(Bucket bucket, Bytes key);

    /**
     * Visits the pairs with {@code from <= key < to} in ascending order of keys, until the visitor has enough.
     *
     * @param to null for no upper bound
     */
    void scan(Bucket bucket, Bytes from, @Nullable Bytes to, ScanVisitor visitor);

    /**
     * A reader of many values of bucket {@link Bucket#KEY} by revision. It keeps its place, so that neighbours cost
     * less than a search. For one thread, while it holds the view.
     */
    RevisionReader revisions();

    /** Takes the pairs of a scan. */
    @FunctionalInterface
    interface ScanVisitor {
        /** One pair, which the visitor may keep; true to go on. */
        boolean accept(Bytes key, Bytes value);
    }

    /** Reads values of revisions that are no tombstones. */
    @FunctionalInterface
    interface RevisionReader {
        /** The encoded {@code KeyValue} stored under the revision; null if there is none. */
        @Nullable Bytes value(long main, long sub);
    }
}
