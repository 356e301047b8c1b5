package io.binnacle.wal;

import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.WalRecord;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.base.Bytes;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rules by which records become a log's contents; and the two ways to read a log without opening it for writing. */
public final class WalReading {

    /** Told of every record in order; {@code crcBefore} is the accumulator before it. */
    interface RecordSink {
        void record(SegmentName segment, long offset, int crcBefore, WalRecord record) throws IOException;
    }

    private final WalSnapshot at;
    private final EntryPositions positions;
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Bytes metadata;
    private @Nullable HardState state;
    private long lastIndex;
    private boolean snapshotFound;

    WalReading(WalSnapshot at, EntryPositions positions) {
        this.at = at;
        this.positions = positions;
    }

    /**
     * Reads a log that is not running, above a snapshot that it has a record of. A torn end is tolerated, not repaired.
     *
     * @throws WalException if it is damaged, or has no record of the snapshot
     */
    public static WalContents readOnly(Disk disk, Path directory, WalSnapshot at) throws IOException {
        List<SegmentName> names = select(SegmentName.among(disk.list(directory)), at.index(), directory);
        WalReading reading = new WalReading(at, new EntryPositions());
        boolean complete = scan(disk, directory, names, true, reading::take);
        if (!reading.snapshotFound) {
            throw new WalException(WalException.Kind.SNAPSHOT_NOT_FOUND, "wal: snapshot not found: no record of index "
                    + at.index() + " in " + directory);
        }
        return reading.contents(complete, false);
    }

    /** All snapshot records, in log order, that the log's last hard state has committed. */
    public static List<WalSnapshot> validSnapshots(Disk disk, Path directory) throws IOException {
        List<SegmentName> names = SegmentName.among(disk.list(directory));
        List<WalSnapshot> snapshots = new ArrayList<>();
        HardState[] last = {new HardState(0, 0, 0)};
        scan(disk, directory, names, true, (segment, offset, _, record) -> {
            Bytes data = Objects.requireNonNullElse(record.data(), Bytes.EMPTY);
            try {
                if (record.type() == RecordType.SNAPSHOT) snapshots.add(WalSnapshot.decode(data));
                else if (record.type() == RecordType.STATE) last[0] = HardState.decode(data);
            } catch (ProtoFormatException malformed) {
                throw malformed(segment, offset, malformed);
            }
        });
        snapshots.removeIf(snapshot -> Long.compareUnsigned(snapshot.index(), last[0].commit()) > 0);
        return snapshots;
    }

    /** Whether a directory holds a log: one name that ends as a segment does is enough, as in etcd. */
    public static boolean exists(Disk disk, Path directory) throws IOException {
        if (!disk.isDirectory(directory)) return false;
        for (String name : disk.list(directory)) if (name.endsWith(SegmentName.SUFFIX)) return true;
        return false;
    }

    /** The segments to be read for a snapshot at an index: from the last one that begins at or below it. */
    static List<SegmentName> select(List<SegmentName> names, long index, Path directory) throws WalException {
        int first = names.size() - 1;
        while (first >= 0 && Long.compareUnsigned(names.get(first).index(), index) > 0) first--;
        if (first < 0) {
            throw new WalException(WalException.Kind.MISSING_SEGMENT,
                    "wal: file not found: no segment in " + directory + " reaches back to index " + index);
        }
        List<SegmentName> selected = names.subList(first, names.size());
        for (int next = 1; next < selected.size(); next++) {
            if (selected.get(next).sequence() != selected.get(next - 1).sequence() + 1) {
                throw new WalException(WalException.Kind.MISSING_SEGMENT, "wal: file not found: a segment is missing between "
                        + selected.get(next - 1) + " and " + selected.get(next) + " in " + directory);
            }
        }
        return selected;
    }

    /** Gives every record of the segments to the sink; false if the last one ended early and that is tolerated. */
    static boolean scan(Disk disk, Path directory, List<SegmentName> names, boolean tolerateTornEnd, RecordSink sink)
            throws IOException {
        int crc = 0;
        for (int index = 0; index < names.size(); index++) {
            SegmentName name = names.get(index);
            boolean last = index == names.size() - 1;
            try (DiskFile file = disk.open(directory.resolve(name.toString()), Disk.Open.READ)) {
                FrameReader reader = new FrameReader(file, name.toString(), last, crc);
                try {
                    readAll(reader, name, sink);
                } catch (WalException failed) {
                    if (last && tolerateTornEnd && failed.kind() == WalException.Kind.UNEXPECTED_END) return false;
                    throw failed;
                }
                crc = reader.crc();
            }
        }
        return true;
    }

    /** Reads to the segment's end. */
    static void readAll(FrameReader reader, SegmentName name, RecordSink sink) throws IOException {
        for (WalRecord record; (record = reader.next()) != null;) {
            sink.record(name, reader.frameOffset(), reader.crcBefore(), record);
        }
    }

    /** Takes one record into account. */
    void take(SegmentName segment, long offset, int crcBefore, WalRecord record) throws WalException {
        Bytes data = Objects.requireNonNullElse(record.data(), Bytes.EMPTY);
        try {
            switch ((int) record.type()) {
                case (int) RecordType.METADATA -> metadata(segment, offset, data);
                case (int) RecordType.ENTRY -> entry(segment, offset, crcBefore, Entry.decode(data));
                case (int) RecordType.STATE -> state = HardState.decode(data);
                case (int) RecordType.CRC -> {}
                case (int) RecordType.SNAPSHOT -> snapshot(segment, offset, WalSnapshot.decode(data));
                default -> throw failure(WalException.Kind.UNKNOWN_RECORD, "unexpected block type " + record.type(), segment, offset);
            }
        } catch (ProtoFormatException malformed) {
            throw malformed(segment, offset, malformed);
        }
    }

    private void metadata(SegmentName segment, long offset, Bytes data) throws WalException {
        if (metadata != null && !metadata.equals(data)) {
            throw failure(WalException.Kind.METADATA_CONFLICT, "wal: conflicting metadata found", segment, offset);
        }
        metadata = data;
    }

    private void entry(SegmentName segment, long offset, int crcBefore, Entry entry) throws WalException {
        long index = entry.index();
        if (index > at.index()) {
            long position = index - at.index() - 1;
            if (position > entries.size()) {
                throw failure(WalException.Kind.GAP, "wal: slice bounds out of range, entry " + index + " after "
                        + entries.size() + " entries from snapshot index " + at.index(), segment, offset);
            }
            entries.subList((int) position, entries.size()).clear(); // a new leader's entries replace what was not committed
            entries.add(entry);
        }
        positions.put(index, segment, offset, crcBefore);
        lastIndex = index;
    }

    private void snapshot(SegmentName segment, long offset, WalSnapshot snapshot) throws WalException {
        if (snapshot.index() == at.index()) {
            if (snapshot.term() != at.term()) {
                throw failure(WalException.Kind.SNAPSHOT_MISMATCH, "wal: snapshot mismatch: index " + at.index()
                        + " has term " + snapshot.term() + ", not " + at.term(), segment, offset);
            }
            snapshotFound = true;
        }
        lastIndex = Math.max(lastIndex, snapshot.index());
    }

    WalContents contents(boolean complete, boolean repaired) {
        return new WalContents(metadata, state, List.copyOf(entries), lastIndex, snapshotFound, complete, repaired);
    }

    private static WalException failure(WalException.Kind kind, String what, SegmentName segment, long offset) {
        return new WalException(kind, what + ": in file '" + segment + "' at position: " + offset);
    }

    private static WalException malformed(SegmentName segment, long offset, ProtoFormatException why) {
        return failure(WalException.Kind.MALFORMED, "proto: " + why.getMessage(), segment, offset);
    }
}
