package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file exactly as of one entry: what it covers is that entry and all before it, and nothing of a later one. It
 * costs one commit, and holds its pages until it is closed. Safe for all threads.
 */
public interface Checkpoint extends AutoCloseable {

    /** How many checkpoints of a backend may be open at a time. */
    int OPEN_MAX = 64;

    /** How far it is. */
    enum State {
        /** Not yet committed. */
        WAITING,
        /** Committed and readable. */
        READY,
        /** Will never be: the disk failed, or the backend was closed or replaced before. */
        FAILED,
        /** Given back. */
        CLOSED
    }

    /** Index of the entry. */
    long index();

    /** Term of the entry. */
    long term();

    /** How far it is. */
    State state();

    /**
     * Runs the action once when the state is no longer {@link State#WAITING}: at once on the calling thread, or later
     * on the committer's. It must not throw and must not block.
     */
    void onSettled(Runnable action);

    /** When ready: the length of the database image in bytes. */
    long lengthBytes();

    /**
     * When ready: copies a piece of the database image (formats.md 6.8) from {@code offset} on, until the target is
     * full or the image ends.
     *
     * @return bytes copied
     */
    int copyTo(long offset, ByteBuffer target) throws IOException;

    /** When ready: the names of all buckets in the file, in their order. */
    List<Bytes> bucketNames();

    /**
     * When ready: visits the pairs of a bucket by its name from a key on; for hashes, which go by what is in the file.
     *
     * @param to null for no upper bound
     */
    void scan(Bytes bucketName, Bytes from, @Nullable Bytes to, BackendView.ScanVisitor visitor);

    /** Gives the pages back. Safe to repeat, and before it is ready: the commit still takes place. */
    @Override
    void close();
}
