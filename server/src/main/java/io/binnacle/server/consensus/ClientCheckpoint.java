package io.binnacle.server.consensus;

import io.binnacle.backend.Checkpoint;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A checkpoint that a client of the member holds, counted until it is closed. Safe for all threads. */
public final class ClientCheckpoint implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final long revision;
    private final Semaphore permits;
    private final AtomicBoolean closed = new AtomicBoolean();

    ClientCheckpoint(Checkpoint checkpoint, long revision, Semaphore permits) {
        this.checkpoint = checkpoint;
        this.revision = revision;
        this.permits = permits;
    }

    void whenSettled(Runnable then) {
        checkpoint.onSettled(then);
    }

    /** The database as of one entry; to be read only while its state is ready. */
    public Checkpoint database() {
        return checkpoint;
    }

    /** The store's revision at that entry. */
    public long revision() {
        return revision;
    }

    /** Gives the pages back; a second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        checkpoint.close();
        permits.release();
    }
}
