package io.binnacle.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A file of the machine: a channel for reading and writing and, beside it, a native descriptor for what channels do not
 * offer (locks, allocation, mapping). Threads as in {@link DiskFile}; a thread that uses it must not be interrupted,
 * since that closes the channel.
 */
final class SystemFile implements DiskFile {

    /** Heap buffers go through a direct buffer that the JDK keeps per thread; pieces keep that one small. */
    private static final int PIECE_BYTES = 1 << 20;

    private final Path path;
    private final int descriptor;
    private final FileChannel channel;
    private final PageAccess pageAccess;
    /** Page caches over this file, told of every change. */
    private final List<PositionalPages> caches = new CopyOnWriteArrayList<>();
    private boolean closed;

    private SystemFile(Path path, int descriptor, FileChannel channel, PageAccess pageAccess) {
        this.path = path;
        this.descriptor = descriptor;
        this.channel = channel;
        this.pageAccess = pageAccess;
    }

    static SystemFile open(Path path, int flags, int mode, PageAccess pageAccess) throws IOException {
        int descriptor = NativeFiles.open(path, flags, mode);
        try {
            // The channel is opened through the descriptor, so that both mean one file whatever happens to its name.
            Path same = Path.of("/proc/self/fd/" + descriptor);
            Set<StandardOpenOption> options = (flags & NativeFiles.O_RDWR) != 0
                    ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : Set.of(StandardOpenOption.READ);
            return new SystemFile(path, descriptor, FileChannel.open(same, options), pageAccess);
        } catch (IOException failed) {
            NativeFiles.close(descriptor, path);
            throw SystemDisk.named("open", path, failed);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException failed) {
            throw SystemDisk.named("size", path, failed);
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        int total = 0;
        int limit = target.limit();
        try {
            while (target.position() < limit) {
                target.limit(Math.min(limit, target.position() + PIECE_BYTES));
                int read = channel.read(target, position + total);
                if (read < 0) break;
                total += read;
            }
        } catch (IOException failed) {
            throw SystemDisk.named("read at " + (position + total), path, failed);
        } finally {
            target.limit(limit);
        }
        return total;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        long at = position;
        int limit = source.limit();
        try {
            while (source.position() < limit) {
                source.limit(Math.min(limit, source.position() + PIECE_BYTES));
                at += channel.write(source, at);
            }
        } catch (IOException failed) {
            throw SystemDisk.named("write at " + at, path, failed);
        } finally {
            source.limit(limit);
            for (PositionalPages cache : caches) cache.changed(position, at - position);
        }
    }

    @Override
    public void datasync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException failed) {
            throw SystemDisk.named("fdatasync", path, failed);
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(true);
        } catch (IOException failed) {
            throw SystemDisk.named("fsync", path, failed);
        }
    }

    @Override
    public void truncate(long length) throws IOException {
        try {
            long before = channel.size();
            if (length < before) {
                channel.truncate(length);
                for (PositionalPages cache : caches) cache.changed(length, before - length);
            } else if (length > before) {
                extend(before, length);
            }
        } catch (IOException failed) {
            throw SystemDisk.named("truncate to " + length, path, failed);
        }
    }

    /** Channels cannot extend with a hole by themselves: one zero at the new end does. */
    private void extend(long before, long length) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[1]), length - 1);
        for (PositionalPages cache : caches) cache.changed(before, length - before);
    }

    @Override
    public void allocate(long length) throws IOException {
        long before = size();
        if (!NativeFiles.allocate(descriptor, length, path) && length > before) truncate(length);
        for (PositionalPages cache : caches) cache.changed(before, Math.max(0, length - before));
    }

    @Override
    public boolean tryLock(Lock lock) throws IOException {
        return NativeFiles.tryLock(descriptor, lock, path);
    }

    @Override
    public PageSource pages() throws IOException {
        return switch (pageAccess) {
            case PageAccess.Mapped mapped -> new MappedPages(this, descriptor, mapped.reserveBytes());
            case PageAccess.Positional positional -> {
                PositionalPages pages = new PositionalPages(this, positional, caches::remove);
                caches.add(pages);
                yield pages;
            }
        };
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) return;
        closed = true;
        try {
            channel.close();
        } catch (IOException failed) {
            throw SystemDisk.named("close", path, failed);
        } finally {
            NativeFiles.close(descriptor, path);
        }
    }
}
