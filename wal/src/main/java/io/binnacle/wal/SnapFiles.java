package io.binnacle.wal;

import io.binnacle.api.raftpb.SnapFile;
import io.binnacle.api.raftpb.Snapshot;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.base.Bytes;
import io.binnacle.base.Crc32c;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code .snap} files of a directory: {@code %016x-%016x.snap}, term and index, each a checksummed raft snapshot.
 * Stateless but for the directory; one thread at a time writes.
 */
public final class SnapFiles {

    /** A file that is no whole snapshot; its message names the file and what is wrong. */
    public static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }
    }

    private static final String SUFFIX = ".snap";
    private static final String DATABASE_SUFFIX = ".snap.db";
    private static final int HEX = 16;

    private final Disk disk;
    private final Path directory;

    /** The files in a member's {@code snap} directory. */
    public SnapFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** The name of the file for a term and an index. */
    public static String name(long term, long index) {
        return SegmentName.hex(term) + "-" + SegmentName.hex(index) + SUFFIX;
    }

    /** Writes and syncs a snapshot under its final name, the directory included; what could not be written is removed. */
    public Path write(Snapshot snapshot) throws IOException {
        Bytes data = snapshot.encoded();
        Bytes content = new SnapFile(Crc32c.update(0, data), data).encoded();
        Path path = directory.resolve(name(snapshot.metadata().term(), snapshot.metadata().index()));
        try (DiskFile file = disk.open(path, Disk.Open.CREATE_OR_TRUNCATE)) {
            file.write(0, content.asByteBuffer());
            file.sync();
        } catch (IOException failed) {
            try {
                disk.delete(path);
            } catch (IOException also) {
                failed.addSuppressed(also);
            }
            throw failed;
        }
        disk.syncDirectory(directory);
        return path;
    }

    /**
     * Reads a file by its name in the directory.
     *
     * @throws Damaged if it is empty, cut, of a zero checksum or fails its checksum
     */
    public Snapshot read(String name) throws IOException {
        Path path = directory.resolve(name);
        Bytes content;
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(0, buffer);
            content = Bytes.copyOf(buffer.flip());
        }
        if (content.isEmpty()) throw new Damaged("snap: empty snapshot: " + path);
        try {
            SnapFile file = SnapFile.decode(content);
            Bytes data = file.data();
            if (data == null || data.isEmpty() || file.crc() == 0) throw new Damaged("snap: empty snapshot: " + path);
            int computed = Crc32c.update(0, data);
            if (computed != file.crc()) {
                throw new Damaged("snap: crc mismatch: expected: " + Integer.toHexString(file.crc()) + " computed: "
                        + Integer.toHexString(computed) + ": " + path);
            }
            return Snapshot.decode(data);
        } catch (ProtoFormatException malformed) {
            throw new Damaged("snap: no snapshot: " + malformed.getMessage() + ": " + path);
        }
    }

    /** Names of all {@code .snap} files, newest term and index first. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : disk.list(directory)) if (name.endsWith(SUFFIX)) names.add(name);
        return names.reversed();
    }

    /** The newest whole snapshot of which the log has a record, or null; damaged ones are renamed to {@code .broken}. */
    public @Nullable Snapshot newest(List<WalSnapshot> valid) throws IOException {
        for (String name : names()) {
            Snapshot snapshot;
            try {
                snapshot = read(name);
            } catch (Damaged _) {
                disk.rename(directory.resolve(name), directory.resolve(name + ".broken"));
                continue; // as 3.6 does: an older one will do, the log reaches back to it or says so
            }
            for (WalSnapshot record : valid) {
                if (record.index() == snapshot.metadata().index() && record.term() == snapshot.metadata().term()) {
                    return snapshot;
                }
            }
        }
        return null;
    }

    /** Deletes the oldest {@code .snap} and, apart from them, {@code .snap.db} files until at most {@code max} of each are left. */
    public List<String> purge(int max) throws IOException {
        List<String> deleted = new ArrayList<>();
        for (String suffix : List.of(SUFFIX, DATABASE_SUFFIX)) {
            List<String> names = new ArrayList<>();
            for (String name : disk.list(directory)) if (name.endsWith(suffix)) names.add(name);
            for (String name : names.subList(0, Math.max(0, names.size() - max))) {
                disk.delete(directory.resolve(name));
                deleted.add(name);
            }
        }
        return deleted;
    }

    /** The name of a database received with a snapshot at an index. */
    public static String databaseName(long index) {
        return SegmentName.hex(index) + DATABASE_SUFFIX;
    }

    /** Deletes received databases below an index, which no start can need any more. */
    public void deleteDatabasesBelow(long index) throws IOException {
        for (String name : disk.list(directory)) {
            if (name.length() != HEX + DATABASE_SUFFIX.length() || !name.endsWith(DATABASE_SUFFIX)) continue;
            try {
                if (Long.compareUnsigned(Long.parseUnsignedLong(name, 0, HEX, 16), index) >= 0) continue;
            } catch (NumberFormatException _) {
                continue; // a foreign name
            }
            disk.delete(directory.resolve(name));
        }
    }
}
