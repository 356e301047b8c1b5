package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.PageSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files in memory, as far as bolt needs them; records writes and syncs, and fails when told to. For one thread of writes. */
final class MemoryDisk implements Disk {

    /** What was done to a file, in order. */
    sealed interface Act {
        record Write(long position, Bytes bytes) implements Act {}

        record Truncate(long length) implements Act {}

        record Sync() implements Act {}
    }

    final Map<Path, Content> files = new TreeMap<>();
    final List<Act> acts = new ArrayList<>();
    boolean recording;
    /** Write, truncate and sync operations until one fails; negative for never. */
    int operationsUntilFailure = -1;

    /** A file's bytes; capacity grows ahead of the length. */
    static final class Content {
        volatile byte[] bytes;
        volatile long length;

        Content(byte[] bytes) {
            this.bytes = bytes;
            this.length = bytes.length;
        }

        byte[] snapshot() {
            return Arrays.copyOf(bytes, (int) length);
        }

        void resize(long to) {
            if (to > bytes.length) bytes = Arrays.copyOf(bytes, (int) Math.max(to, Math.min(bytes.length * 3L / 2, 1 << 30)));
            if (to < length) Arrays.fill(bytes, (int) to, (int) length, (byte) 0);
            length = to;
        }
    }

    static MemoryDisk holding(Path path, byte[] bytes) {
        MemoryDisk disk = new MemoryDisk();
        disk.files.put(path, new Content(bytes.clone()));
        return disk;
    }

    byte[] bytes(Path path) throws IOException {
        return content(path).snapshot();
    }

    private Content content(Path path) throws IOException {
        Content content = files.get(path);
        if (content == null) throw new NoSuchFileException(path.toString());
        return content;
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        boolean mustExist = how == Open.READ || how == Open.WRITE;
        if (how == Open.CREATE_NEW && files.containsKey(path)) throw new FileAlreadyExistsException(path.toString());
        if (!mustExist) files.putIfAbsent(path, new Content(new byte[0]));
        if (how == Open.CREATE_OR_TRUNCATE) content(path).resize(0);
        return new MemoryFile(path, content(path));
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return false;
    }

    @Override
    public long size(Path path) throws IOException {
        return content(path).length;
    }

    @Override
    public List<String> list(Path directory) {
        return files.keySet().stream().map(path -> path.getFileName().toString()).toList();
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public void chmod(Path path, int mode) {}

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.put(to, content(from));
        files.remove(from);
    }

    @Override
    public void delete(Path path) {
        files.remove(path);
    }

    @Override
    public void deleteTree(Path directory) {
        files.clear();
    }

    @Override
    public void syncDirectory(Path directory) {}

    private void mayFail(String what) throws IOException {
        if (operationsUntilFailure < 0) return;
        if (operationsUntilFailure-- == 0) {
            operationsUntilFailure = 0;
            throw new IOException("no space left on device: " + what);
        }
    }

    private void record(Act act) {
        if (recording) acts.add(act);
    }

    private final class MemoryFile implements DiskFile, PageSource {
        private final Path path;
        private final Content content;
        private volatile long committed;

        MemoryFile(Path path, Content content) {
            this.path = path;
            this.content = content;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            int length = (int) Math.min(target.remaining(), Math.max(content.length - position, 0));
            target.put(content.bytes, (int) position, length);
            return length;
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            mayFail("write");
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            if (position + bytes.length > content.length) content.resize(position + bytes.length);
            System.arraycopy(bytes, 0, content.bytes, (int) position, bytes.length);
            record(new Act.Write(position, Bytes.of(bytes)));
        }

        @Override
        public void datasync() throws IOException {
            mayFail("datasync");
            record(new Act.Sync());
        }

        @Override
        public void sync() throws IOException {
            mayFail("sync");
            record(new Act.Sync());
        }

        @Override
        public void truncate(long length) throws IOException {
            mayFail("truncate");
            content.resize(length);
            record(new Act.Truncate(length));
        }

        @Override
        public void allocate(long length) throws IOException {
            if (length > content.length) truncate(length);
        }

        @Override
        public boolean tryLock(Lock lock) {
            return true;
        }

        @Override
        public PageSource pages() {
            return this;
        }

        @Override
        public MemorySegment read(long offset, long length) throws IOException {
            if (offset < 0 || offset + length > committed) {
                throw new IOException("read of " + offset + "+" + length + " past committed length " + committed);
            }
            return MemorySegment.ofArray(content.bytes).asSlice(offset, length).asReadOnly();
        }

        @Override
        public long committedLength() {
            return committed;
        }

        @Override
        public void committedLength(long length) throws IOException {
            if (length > content.length) throw new IOException("committed length past the end");
            committed = length;
        }

        @Override
        public void close() {}
    }
}
