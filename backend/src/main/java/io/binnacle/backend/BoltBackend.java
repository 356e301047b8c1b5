package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltException;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltOptions;
import io.binnacle.bolt.BoltWriter;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The backend over a bbolt file. Writes fill an active buffer; it is sealed between entries and goes to the committer;
 * a view is the captured active buffer, the sealed ones and the newest committed state of the file.
 */
public final class BoltBackend implements Backend {

    private static final String SCRATCH_SUFFIX = ".tmp.new";
    private static final long LOCK_POLL_MILLIS = 50;
    private static final int LOCK_POLLS_UNTIL_WORD = 200; // 10 s

    private final Disk disk;
    private final Path path;
    private final BackendConfig config;
    private final Clock clock;
    private final BufferQueue queue;
    private final Committer committer;
    private boolean closed;

    private BoltBackend(Disk disk, Path path, BackendConfig config, Clock clock, Generation generation) {
        this.disk = disk;
        this.path = path;
        this.config = config;
        this.clock = clock;
        this.queue = new BufferQueue(config, generation.pin());
        this.committer = new Committer(config, clock, queue, generation);
    }

    /**
     * Opens a database, or makes an empty one with etcd's buckets. Waits as long as another process holds its lock.
     *
     * @param stillLocked called once when that took 10 s
     * @throws BoltException if the file is not a database, is damaged where it is read at open, or the disk failed
     * @throws IOException if a new file cannot be made
     */
    public static BoltBackend open(Disk disk, Path path, BackendConfig config, Clock clock, Runnable stillLocked)
            throws IOException, InterruptedException {
        for (int polls = 1; ; polls++) { // without end, as etcd: whoever started us ends us
            try {
                return new BoltBackend(disk, path, config, clock, new Generation(openFile(disk, path, config)));
            } catch (BoltException e) {
                if (e.kind() != BoltException.Kind.LOCKED) throw e;
            }
            if (polls == LOCK_POLLS_UNTIL_WORD) stillLocked.run();
            Thread.sleep(LOCK_POLL_MILLIS);
        }
    }

    private static BoltFile openFile(Disk disk, Path path, BackendConfig config) throws IOException {
        if (!disk.exists(path)) create(disk, path, config);
        return openWithBuckets(disk, path, config);
    }

    /**
     * Makes a database under another name and renames it when it is whole, so that none is ever found half made. The
     * name is one that start-up removes (formats.md 1.1). Its lock keeps a second process from doing the same.
     */
    private static void create(Disk disk, Path path, BackendConfig config) throws IOException {
        Path scratch = path.resolveSibling(path.getFileName() + SCRATCH_SUFFIX);
        if (disk.exists(scratch)) {
            removeScratch(disk, scratch);
        }
        try (BoltFile _ = openWithBuckets(disk, scratch, config)) {
            if (disk.exists(path)) {
                disk.delete(scratch); // the other process was faster
                return;
            }
            disk.rename(scratch, path);
            disk.syncDirectory(directory(path));
        }
    }

    /** Removes what a crash left; leaves it if another process is at work on it, which the open that follows will meet. */
    private static void removeScratch(Disk disk, Path scratch) throws IOException {
        try (DiskFile left = disk.open(scratch, Disk.Open.WRITE)) {
            if (left.tryLock(DiskFile.Lock.FLOCK_EXCLUSIVE)) disk.delete(scratch);
        } catch (NoSuchFileException e) {
            return; // renamed by another process a moment ago
        }
    }

    private static BoltFile openWithBuckets(Disk disk, Path path, BackendConfig config) {
        BoltOptions options = BoltOptions.defaults()
                .withInitialMapBytes(config.initialMapBytes())
                .withFreelistSync(config.freelistSync());
        BoltFile file = BoltFile.open(disk, path, options);
        boolean ready = false;
        try {
            createBuckets(file);
            ready = true;
            return file;
        } finally {
            if (!ready) file.close();
        }
    }

    private static void createBuckets(BoltFile file) {
        BoltWriter writer = file.begin();
        boolean missing = false;
        boolean committed = false;
        try {
            for (Bucket bucket : Bucket.values()) {
                if (bucket == Bucket.TEST || writer.hasBucket(bucket.bucketName())) continue;
                writer.createBucket(bucket.bucketName());
                missing = true;
            }
            if (missing) {
                writer.commit();
                committed = true;
            }
        } finally {
            if (!committed) writer.rollback();
        }
    }

    @Override
    public void put(Bucket bucket, Bytes key, Bytes value) {
        queue.write(bucket, key, value, clock);
    }

    @Override
    public void delete(Bucket bucket, Bytes key) {
        queue.write(bucket, key, OverlayMap.TOMBSTONE, clock);
    }

    @Override
    public void entryApplied(long index, long term) {
        queue.entryApplied(index, term, clock.nanoTime());
    }

    @Override
    public void maintained() {
        queue.maintained(clock.nanoTime());
    }

    @Override
    public long appliedIndex() {
        return queue.appliedIndex();
    }

    @Override
    public BackendView view() {
        return queue.view();
    }

    @Override
    public Checkpoint checkpoint() {
        return queue.checkpoint();
    }

    @Override
    public void replace(Path file) {
        boolean claimed = false;
        try {
            queue.claimWaiting();
            claimed = true;
            syncReceived(file);
            disk.rename(file, path);
            disk.syncDirectory(directory(path));
            Generation next = new Generation(openFile(disk, path, config));
            Generation old = committer.generation();
            committer.generation(next);
            queue.restart(next.pin());
            old.leave();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a commit ended before " + file + " could replace " + path, e);
        } finally {
            if (claimed) queue.idle();
        }
    }

    /** Whoever received it has synced it; once more costs nothing then, and a rename of lost bytes would cost all. */
    private void syncReceived(Path file) throws IOException {
        try (DiskFile received = disk.open(file, Disk.Open.WRITE)) {
            received.sync();
        }
    }

    private static Path directory(Path path) {
        Path directory = path.getParent();
        if (directory == null) throw new IllegalStateException(path + " has no directory");
        return directory;
    }

    @Override
    public Agent committer() {
        return committer;
    }

    @Override
    public boolean pressed() {
        return queue.uncommittedBytes() > config.uncommittedBytesMax() / 2;
    }

    @Override
    public boolean full() {
        return queue.uncommittedBytes() >= config.uncommittedBytesMax();
    }

    @Override
    public long sizeBytes() {
        return committer.generation().file().sizeBytes();
    }

    @Override
    public long sizeInUseBytes() {
        return committer.generation().file().sizeInUseBytes();
    }

    @Override
    public long uncommittedBytes() {
        return queue.uncommittedBytes();
    }

    @Override
    public long consistentIndex() {
        return queue.pin().index();
    }

    @Override
    public long consistentTerm() {
        return queue.pin().term();
    }

    @Override
    public long fileStates() {
        return queue.fileStates();
    }

    @Override
    public DefragmentJob defragment() {
        return committer.defragment();
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        queue.end();
        try {
            queue.claimWaiting();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // the commit under way ends by itself; the file stays open until the process ends
        }
        committer.endDefragmentation(DefragmentJob.State.FAILED);
        queue.pin().release();
        committer.generation().leave();
    }
}
