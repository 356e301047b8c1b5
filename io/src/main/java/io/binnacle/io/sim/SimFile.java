package io.binnacle.io.sim;

import io.binnacle.io.DiskFile;
import io.binnacle.io.PageSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file opened on a {@link SimDisk}; dead once the disk was crashed. Threads as in {@link DiskFile}. */
final class SimFile implements DiskFile {

    private final SimDisk disk;
    private final Path path;
    final SimNode node;
    final SimContent content;
    final boolean writable;
    final long generation;
    private boolean closed;

    SimFile(SimDisk disk, Path path, SimNode node, SimContent content, boolean writable, long generation) {
        this.disk = disk;
        this.path = path;
        this.node = node;
        this.content = content;
        this.writable = writable;
        this.generation = generation;
    }

    @Override
    public Path path() {
        return path;
    }

    private void usable(boolean toWrite) throws IOException {
        if (closed) throw new IOException("use " + path + ": file is closed");
        if (toWrite && !writable) throw new IOException("write " + path + ": opened for reading");
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            usable(false);
            disk.alive(this);
            return content.length();
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        synchronized (disk) {
            usable(false);
            disk.alive(this);
            disk.meet(DiskOperation.Kind.READ, path, position, target.remaining());
            byte[] bytes = new byte[(int) Math.max(0, Math.min(target.remaining(), content.length() - position))];
            int read = content.read(position, bytes, 0, bytes.length);
            target.put(bytes);
            return read;
        }
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        synchronized (disk) {
            usable(true);
            disk.alive(this);
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            disk.write(this, position, bytes);
        }
    }

    @Override
    public void datasync() throws IOException {
        synchronized (disk) {
            usable(false);
            disk.alive(this);
            disk.sync(this);
        }
    }

    @Override
    public void sync() throws IOException {
        datasync();
    }

    @Override
    public void truncate(long length) throws IOException {
        synchronized (disk) {
            usable(true);
            disk.alive(this);
            disk.meet(DiskOperation.Kind.TRUNCATE, path, length, 0);
            content.truncate(length);
        }
    }

    @Override
    public void allocate(long length) throws IOException {
        synchronized (disk) {
            usable(true);
            disk.alive(this);
            disk.meet(DiskOperation.Kind.ALLOCATE, path, length, 0);
            disk.reserve(content, length, "allocate " + path);
            if (length > content.length()) content.truncate(length);
        }
    }

    @Override
    public boolean tryLock(Lock lock) throws IOException {
        synchronized (disk) {
            usable(false);
            disk.alive(this);
            return switch (lock) {
                case OFD_EXCLUSIVE -> {
                    if (node.ofdHolder != null && node.ofdHolder != this) yield false;
                    node.ofdHolder = this;
                    yield true;
                }
                case FLOCK_EXCLUSIVE -> {
                    boolean shared = !node.flockSharers.isEmpty() && !(node.flockSharers.size() == 1 && node.flockSharers.contains(this));
                    if (shared || (node.flockHolder != null && node.flockHolder != this)) yield false;
                    node.flockSharers.remove(this);
                    node.flockHolder = this;
                    yield true;
                }
                case FLOCK_SHARED -> {
                    if (node.flockHolder != null && node.flockHolder != this) yield false;
                    node.flockHolder = null;
                    node.flockSharers.add(this);
                    yield true;
                }
            };
        }
    }

    @Override
    public PageSource pages() throws IOException {
        synchronized (disk) {
            usable(false);
            disk.alive(this);
            return new Pages(content.length());
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            closed = true;
            if (node.ofdHolder == this) node.ofdHolder = null;
            if (node.flockHolder == this) node.flockHolder = null;
            node.flockSharers.remove(this);
        }
    }

    /** Copies what is read, so a page can fail or rot, but never changes under a reader. */
    private final class Pages implements PageSource {
        private long committed;
        private boolean pagesClosed;

        Pages(long committed) {
            this.committed = committed;
        }

        @Override
        public MemorySegment read(long offset, long length) throws IOException {
            synchronized (disk) {
                usable(false);
                disk.alive(SimFile.this);
                if (pagesClosed) throw new IOException("read " + path + ": pages are closed");
                if (offset < 0 || length < 0 || offset > committed - length) {
                    throw new IOException("read " + path + ": " + length + " bytes at " + offset
                            + " reach past the committed length " + committed);
                }
                disk.meet(DiskOperation.Kind.PAGE_READ, path, offset, length);
                if (content.length() < offset + length) {
                    throw new IOException("read " + path + ": the file ends at " + content.length()
                            + ", within the committed length " + committed);
                }
                byte[] bytes = new byte[Math.toIntExact(length)];
                content.read(offset, bytes, 0, bytes.length);
                return MemorySegment.ofArray(bytes).asReadOnly();
            }
        }

        @Override
        public long committedLength() {
            synchronized (disk) {
                return committed;
            }
        }

        @Override
        public void committedLength(long length) throws IOException {
            synchronized (disk) {
                if (length < 0 || length > content.length()) {
                    throw new IOException("commit " + path + ": length " + length + " of a file of "
                            + content.length() + " bytes");
                }
                committed = length;
            }
        }

        @Override
        public void close() {
            synchronized (disk) {
                pagesClosed = true;
            }
        }
    }
}
