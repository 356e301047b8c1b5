package io.binnacle.wal;

import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opening a log for writing: lock its segments, read them, repair a torn end once, and clear what lies behind it. */
final class WalOpening {

    /** A segment that is held open and locked. */
    record Held(SegmentName name, DiskFile file) {}

    /** An opened log; the last segment is where writing goes on. */
    record Opened(List<Held> held, WalContents contents, EntryPositions positions, int crc, long offset) {}

    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final WalSnapshot at;
    private final List<Held> held = new ArrayList<>();
    private EntryPositions positions = new EntryPositions();
    private int crc;
    private long end;

    WalOpening(Disk disk, Path directory, WalSnapshot at) {
        this.disk = disk;
        this.directory = directory;
        this.at = at;
    }

    Opened open() throws IOException {
        List<SegmentName> names = WalReading.select(SegmentName.among(disk.list(directory)), at.index(), directory);
        try {
            for (SegmentName name : names) held.add(lock(disk, directory, name));
            long formerLength = held.getLast().file().size();
            boolean repaired = false;
            WalReading reading;
            try {
                reading = read();
            } catch (WalException torn) {
                if (torn.kind() != WalException.Kind.UNEXPECTED_END || !repair()) throw torn;
                repaired = true;
                formerLength = held.getLast().file().size();
                reading = read();
            }
            clearTail(formerLength);
            return new Opened(held, reading.contents(true, repaired), positions, crc, end);
        } catch (IOException failed) {
            for (Held segment : held) segment.file().close();
            throw failed;
        }
    }

    static Held lock(Disk disk, Path directory, SegmentName name) throws IOException {
        Path path = directory.resolve(name.toString());
        DiskFile file = disk.open(path, Disk.Open.WRITE);
        if (file.tryLock(DiskFile.Lock.OFD_EXCLUSIVE)) return new Held(name, file);
        file.close();
        throw new WalException(WalException.Kind.LOCKED, "lock " + path + ": held by another process");
    }

    private WalReading read() throws IOException {
        positions = new EntryPositions();
        WalReading reading = new WalReading(at, positions);
        crc = 0;
        for (int index = 0; index < held.size(); index++) {
            Held segment = held.get(index);
            boolean last = index == held.size() - 1;
            FrameReader reader = new FrameReader(segment.file(), segment.name().toString(), last, crc);
            WalReading.readAll(reader, segment.name(), reading::take);
            crc = reader.crc();
            end = reader.offset();
        }
        return reading;
    }

    /** Cuts the last segment behind its last good record, after copying it aside; false if it is not torn itself. */
    private boolean repair() throws IOException {
        Held last = held.getLast();
        FrameReader reader = new FrameReader(last.file(), last.name().toString(), true, 0);
        try {
            WalReading.readAll(reader, last.name(), (_, _, _, _) -> {});
            return false; // an earlier segment ends early: that cannot be mended
        } catch (WalException torn) {
            if (torn.kind() != WalException.Kind.UNEXPECTED_END) return false;
        }
        Path aside = directory.resolve(last.name() + ".broken");
        try (DiskFile copy = disk.open(aside, Disk.Open.CREATE_OR_TRUNCATE)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            for (long position = 0; position < reader.size(); ) {
                buffer.clear();
                position += last.file().read(position, buffer);
                copy.write(position - buffer.position(), buffer.flip());
            }
            copy.sync();
        }
        disk.syncDirectory(directory);
        last.file().truncate(reader.offset());
        last.file().sync();
        return true;
    }

    /**
     * Everything behind the last record becomes zeros, durably: were remains of an unacknowledged write to come back
     * behind new records, their checksums would make the log unreadable.
     */
    private void clearTail(long formerLength) throws IOException {
        DiskFile tail = held.getLast().file();
        tail.truncate(end);
        if (formerLength > end) tail.allocate(formerLength);
        tail.sync(); // also makes durable what an earlier process wrote and could not sync
    }
}
