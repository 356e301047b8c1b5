package io.binnacle.backend;

import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.PageSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A disk on which, while it is told so, no {@code fdatasync} of a file ends. */
final class BlockedSyncDisk implements Disk {
    private final Disk disk;
    private final Semaphore syncs = new Semaphore(1);
    private final Semaphore begun = new Semaphore(0);

    BlockedSyncDisk(Disk disk) {
        this.disk = disk;
    }

    void block() throws InterruptedException {
        syncs.acquire();
        begun.drainPermits();
    }

    /** Waits until some sync hangs. */
    void awaitSync() throws InterruptedException {
        begun.acquire();
    }

    void unblock() {
        syncs.release();
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        return new Blocked(disk.open(path, how));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) throws IOException {
        return disk.isDirectory(path);
    }

    @Override
    public long size(Path path) throws IOException {
        return disk.size(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void chmod(Path path, int mode) throws IOException {
        disk.chmod(path, mode);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void deleteTree(Path directory) throws IOException {
        disk.deleteTree(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    private final class Blocked implements DiskFile {
        private final DiskFile file;

        Blocked(DiskFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            return file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            file.write(position, source);
        }

        @Override
        public void datasync() throws IOException {
            begun.release();
            try {
                syncs.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (InterruptedIOException) new InterruptedIOException("sync of " + path()).initCause(e);
            }
            syncs.release();
            file.datasync();
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void truncate(long length) throws IOException {
            file.truncate(length);
        }

        @Override
        public void allocate(long length) throws IOException {
            file.allocate(length);
        }

        @Override
        public boolean tryLock(Lock lock) throws IOException {
            return file.tryLock(lock);
        }

        @Override
        public PageSource pages() throws IOException {
            return file.pages();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
