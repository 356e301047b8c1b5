package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import java.nio.file.Path;

/**
 * The buckets of one member. Writes belong to entries of the log and become durable entry by entry, in order, together
 * with the index of the last entry they cover.
 *
 * <p>The writing methods, {@link #view()}, {@link #checkpoint()} and {@link #replace} belong to the apply thread; the
 * agent {@link #committer()} runs on one thread of its own or shares one; the rest is safe for all threads. No method
 * here waits for the disk, except {@link #replace} and {@link #close()}.
 */
public interface Backend extends AutoCloseable {

    /** Sets a key. Seen by the next {@link #view()}; durable some time after the next {@link #entryApplied}. */
    void put(Bucket bucket, Bytes key, Bytes value);

    /** Removes a key; one that is absent is no error. */
    void delete(Bucket bucket, Bytes key);

    /**
     * Ends an entry: everything written since the last call belongs to entries up to {@code index}, and will be in the
     * file either as a whole or not at all. Repeat the last index for writes that belong to no entry (compaction).
     * Index 0 is for what is written before the first entry; neither it nor term 0 is stored.
     *
     * @param index of the entry, never below that of the last call or that of the file
     * @param term of the entry
     */
    void entryApplied(long index, long term);

    /**
     * Ends writes that belong to no entry, a compaction's for instance: they may be committed as if the last entry had
     * made them. Index and term stay what they are. Apply thread only.
     */
    void maintained();

    /** The index given to the last {@link #entryApplied}, or that of the file at open. Apply thread only. */
    long appliedIndex();

    /**
     * All writes so far as one immutable value. Cheap: made once for each batch of entries. The caller holds it once
     * and must {@link BackendView#release()} it when it has published the next one.
     */
    BackendView view();

    /**
     * Asks for the state as of the current entry, in the file. Nothing may have been written since the last {@link
     * #entryApplied}. At most {@value Checkpoint#OPEN_MAX} may be open at a time.
     */
    Checkpoint checkpoint();

    /**
     * Takes a received database over as the new state: {@code file} is renamed over the database, everything not yet
     * committed is dropped, open checkpoints that were not ready end as {@link Checkpoint.State#FAILED}. Views of the
     * old state stay readable until they are released. {@link #appliedIndex()} is the new file's consistent index
     * afterwards. Waits for the disk; the committer must not be running at the same time on another thread's turn
     * longer than its current commit.
     *
     * @throws java.io.UncheckedIOException if the file cannot be renamed or opened: fatal to the member
     */
    void replace(Path file);

    /**
     * The agent that turns buffers into transactions of the file and syncs them. It throws once when the disk failed;
     * nothing is committed after that.
     */
    Agent committer();

    /** Whether more than half of the bytes that may be uncommitted are: new requests should wait. */
    boolean pressed();

    /** Whether the bound of uncommitted bytes is reached: the apply thread takes no further entry until it is not. */
    boolean full();

    /** Logical size of the file in bytes, as committed (what etcd calls size, compared with the quota). */
    long sizeBytes();

    /** Bytes of {@link #sizeBytes()} that hold live pages. */
    long sizeInUseBytes();

    /** Bytes written and not yet committed: keys, values and a fixed cost for each. */
    long uncommittedBytes();

    /** What counts against the quota: committed pages and uncommitted bytes. */
    default long quotaBytes() {
        return sizeBytes() + uncommittedBytes();
    }

    /** Index of the last entry that is durable in the file; 0 if none. */
    long consistentIndex();

    /** Term of that entry; 0 if none is stored. */
    long consistentTerm();

    /**
     * Changes with each commit, from which on new views stand on the newer state of the file. Whoever keeps a view takes
     * a new one then: pages and buffers of the older state are held until the last view of it is released. Stays 0 where
     * views do not stand on a file. Any thread.
     */
    default long fileStates() {
        return 0;
    }

    /** Starts to give free space back while serving; the job under way if there is one. */
    DefragmentJob defragment();

    /** Commits nothing more and closes the file when the last view is released. Safe to repeat. */
    @Override
    void close();
}
