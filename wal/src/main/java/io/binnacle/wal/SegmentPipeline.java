package io.binnacle.wal;

import io.binnacle.io.Agent;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.Waker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next segment ahead of its need: a locked, preallocated {@code 0.tmp} or {@code 1.tmp}. An agent of its own,
 * so that the log writer never waits for an allocation; the two meet in one slot.
 */
public final class SegmentPipeline implements Agent {

    /** A file ready to become a segment. */
    record Prepared(Path path, DiskFile file) {}

    private final Disk disk;
    private final Path directory;
    private final long segmentBytes;
    private long made;
    /** Guarded by this. */
    private @Nullable Prepared ready;
    private boolean closed;
    /** The disk would not give the space; tried again when a segment is asked for. */
    private boolean gaveUp;
    private Waker waker = () -> {};
    private Consumer<IOException> trouble = why -> {};

    SegmentPipeline(Disk disk, Path directory, long segmentBytes) {
        this.disk = disk;
        this.directory = directory;
        this.segmentBytes = segmentBytes;
    }

    /** Sets who wakes this agent when the slot has become empty. */
    public synchronized void wakenBy(Waker next) {
        waker = next;
    }

    /**
     * Sets who hears, on this agent's thread, that no segment could be prepared. That alone loses nothing: the log goes on
     * in the segment it has, and asks again when it needs the next.
     */
    public synchronized void troubleTo(Consumer<IOException> listener) {
        trouble = listener;
    }

    @Override
    public String name() {
        return "wal-pipeline";
    }

    @Override
    public int doWork() throws IOException {
        synchronized (this) {
            if (closed || gaveUp || ready != null) return 0;
        }
        Path path = directory.resolve(made % 2 + ".tmp");
        made++;
        DiskFile file;
        try {
            file = allocated(path);
        } catch (IOException why) {
            giveUp(why);
            return 1;
        }
        synchronized (this) {
            if (!closed) {
                ready = new Prepared(path, file);
                return 1;
            }
        }
        discard(new Prepared(path, file));
        return 1;
    }

    private DiskFile allocated(Path path) throws IOException {
        DiskFile file = disk.open(path, Disk.Open.CREATE_OR_TRUNCATE);
        boolean whole = false;
        try {
            if (!file.tryLock(DiskFile.Lock.OFD_EXCLUSIVE)) {
                throw new WalException(WalException.Kind.LOCKED, "lock " + path + ": held by another process");
            }
            file.allocate(segmentBytes);
            file.datasync();
            whole = true;
            return file;
        } finally {
            if (!whole) {
                try (file) {
                    file.truncate(0); // what was taken of a full disk is given back to the log
                }
            }
        }
    }

    private void giveUp(IOException why) {
        Consumer<IOException> listener;
        synchronized (this) {
            gaveUp = true;
            listener = trouble;
        }
        listener.accept(why);
    }

    /** The prepared file, or null if there is none yet; called by the log writer. */
    synchronized @Nullable Prepared take() {
        Prepared taken = ready;
        ready = null;
        if (taken != null || gaveUp) waker.wake();
        gaveUp = false;
        return taken;
    }

    void close() throws IOException {
        Prepared left;
        synchronized (this) {
            closed = true;
            left = ready;
            ready = null;
        }
        if (left != null) discard(left);
    }

    private void discard(Prepared prepared) throws IOException {
        prepared.file().close();
        disk.delete(prepared.path());
    }
}
