package io.binnacle.wal;

import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.WalRecord;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of a running member.
 *
 * <p>Appends are encoded into a buffer, however many; {@link #flush()} then serves all of them with one write and, where
 * needed, one {@code fdatasync}. Only after it returns is anything of theirs promised. A failed write or sync is final:
 * the log cuts off what it cannot vouch for, as well as it still can, and refuses everything from then on.
 *
 * <p>Belongs to the log writer's thread; only the {@link #pipeline()} runs elsewhere.
 */
public final class Wal implements AutoCloseable {

    /** When reading back, records between two entries are read through up to this distance. */
    private static final long SKIP_BYTES_MAX = 1 << 16;

    private final Disk disk;
    private final Path directory;
    private final WalConfig config;
    private final Bytes metadata;
    private final WalContents contents;
    private final SegmentPipeline pipeline;
    private final EntryPositions positions;
    private final FrameWriter frames;
    private final ProtoWriter scratch = new ProtoWriter(4096);
    /** Locked segments, oldest first; the last one is written to. */
    private final List<WalOpening.Held> held;
    /** Where the buffer's first byte goes. Invariant: syncedOffset <= writtenOffset. */
    private long writtenOffset;
    private long syncedOffset;
    private long lastIndex;
    /** Last given to append by this process; null before. */
    private @Nullable HardState state;
    private boolean mustSync;
    private @Nullable IOException failed;

    private Wal(Disk disk, Path directory, WalConfig config, WalOpening.Opened opened) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.contents = opened.contents();
        this.metadata = Objects.requireNonNullElse(contents.metadata(), Bytes.EMPTY);
        this.pipeline = new SegmentPipeline(disk, directory, config.segmentBytes());
        this.positions = opened.positions();
        this.held = opened.held();
        this.frames = new FrameWriter(Math.min(config.bufferBytes(), 1 << 16), opened.crc());
        this.writtenOffset = opened.offset();
        this.syncedOffset = opened.offset();
        this.lastIndex = contents.lastIndex();
    }

    /**
     * Makes a log in a temporary directory, renames it into place and opens it.
     *
     * @throws WalException EXISTS if the directory has segments
     */
    public static Wal create(Disk disk, Path directory, Bytes metadata, WalConfig config) throws IOException {
        if (WalReading.exists(disk, directory)) {
            throw new WalException(WalException.Kind.EXISTS, "create " + directory + ": file already exists");
        }
        Path parent = Objects.requireNonNull(directory.getParent(), "a log directory has a parent");
        Path temporary = parent.resolve(directory.getFileName() + ".tmp");
        disk.deleteTree(temporary);
        disk.createDirectories(temporary);
        SegmentName first = new SegmentName(0, 0);
        try (DiskFile file = disk.open(temporary.resolve(first.toString()), Disk.Open.CREATE_NEW)) {
            file.allocate(config.segmentBytes());
            FrameWriter head = new FrameWriter(256, 0);
            head.crcRecord();
            head.record(RecordType.METADATA, metadata);
            head.record(RecordType.SNAPSHOT, new WalSnapshot(0, 0, null).encoded());
            file.write(0, head.encoded());
            file.sync();
        }
        disk.syncDirectory(temporary);
        disk.deleteTree(directory);
        disk.rename(temporary, directory);
        disk.syncDirectory(parent);
        return open(disk, directory, new WalSnapshot(0, 0, null), config);
    }

    /**
     * Opens a log for writing and reads what it holds above a snapshot; a torn end is repaired once.
     *
     * @throws WalException if it is damaged beyond that, held by another process, or does not reach back to the snapshot
     */
    public static Wal open(Disk disk, Path directory, WalSnapshot at, WalConfig config) throws IOException {
        return new Wal(disk, directory, config, new WalOpening(disk, directory, at).open());
    }

    /** What was read at opening. */
    public WalContents contents() {
        return contents;
    }

    /** The agent that makes segments ahead; whoever runs the log runs it, on another thread where there is one. */
    public SegmentPipeline pipeline() {
        return pipeline;
    }

    /** The last entry or snapshot index that was appended or read. */
    public long lastIndex() {
        return lastIndex;
    }

    /**
     * Adds entries and a hard state, in this order, to what the next flush writes.
     *
     * @param next null or all zero if it did not change
     */
    public void append(@Nullable HardState next, List<Entry> entries) throws IOException {
        usable();
        for (Entry entry : entries) {
            Check.that(entry.index() > 0, "an entry without index");
            scratch.reset();
            entry.encode(scratch);
            positions.put(entry.index(), held.getLast().name(), writtenOffset + frames.length(), frames.crc());
            frames.record(RecordType.ENTRY, scratch);
            lastIndex = entry.index();
            mustSync = true;
            if (frames.length() >= config.bufferBytes()) write();
        }
        if (next == null || (next.term() == 0 && next.vote() == 0 && next.commit() == 0)) return;
        if (state == null || state.term() != next.term() || state.vote() != next.vote()) mustSync = true;
        state = next;
        scratch.reset();
        next.encode(scratch);
        frames.record(RecordType.STATE, scratch);
    }

    /** Whether the next flush makes something durable: entries, a new term or a new vote; not a moved commit index alone. */
    public boolean mustSync() {
        return mustSync;
    }

    /**
     * Writes all that was appended; syncs if {@link #mustSync()}; begins a new segment when this one is full.
     *
     * @throws IOException if the disk failed: fatal, never retried
     */
    public void flush() throws IOException {
        usable();
        write();
        if (writtenOffset >= config.segmentBytes() && cut()) return;
        if (mustSync) sync();
    }

    /** Notes that a snapshot exists; durable on return, together with all appended before. */
    public void snapshot(WalSnapshot snapshot) throws IOException {
        usable();
        Check.that(snapshot.index() == 0 || snapshot.confState() != null, "a snapshot record without members");
        scratch.reset();
        snapshot.encode(scratch);
        frames.record(RecordType.SNAPSHOT, scratch);
        lastIndex = Math.max(lastIndex, snapshot.index());
        write();
        sync();
    }

    /** Makes all that was appended durable, a moved commit index included, whether the rule asks for it or not. */
    public void persist() throws IOException {
        usable();
        write();
        if (syncedOffset != writtenOffset) sync();
    }

    private void write() throws IOException {
        if (frames.length() == 0) return;
        try {
            held.getLast().file().write(writtenOffset, frames.encoded());
        } catch (IOException why) {
            throw fail(why);
        }
        writtenOffset += frames.length();
        frames.clear();
    }

    private void sync() throws IOException {
        try {
            held.getLast().file().datasync();
        } catch (IOException why) {
            throw fail(why);
        }
        syncedOffset = writtenOffset;
        mustSync = false;
    }

    /**
     * Nothing behind the last sync was promised, and the kernel may show it though it never reached the disk. So that
     * no restart takes it for stored, it is cut off, if the disk still allows that.
     */
    private IOException fail(IOException why) {
        failed = why;
        try {
            held.getLast().file().truncate(syncedOffset);
            held.getLast().file().sync();
        } catch (IOException also) {
            why.addSuppressed(also);
        }
        return why;
    }

    private void usable() throws IOException {
        if (failed == null) return;
        WalException refusal = new WalException(WalException.Kind.FAILED, "log " + directory + " failed before: " + failed.getMessage());
        refusal.initCause(failed);
        throw refusal;
    }

    /**
     * Closes the full segment and goes on in the prepared one. While that is not ready writing goes on here, up to
     * twice the length; then a segment is begun without preallocation.
     */
    private boolean cut() throws IOException {
        SegmentPipeline.Prepared prepared = pipeline.take();
        if (prepared == null && writtenOffset < 2 * config.segmentBytes()) return false;
        WalOpening.Held tail = held.getLast();
        try {
            tail.file().truncate(writtenOffset);
            sync();
            SegmentName name = new SegmentName(tail.name().sequence() + 1, lastIndex + 1);
            if (prepared == null) prepared = unprepared();
            head();
            prepared.file().write(0, frames.encoded());
            prepared.file().datasync();
            disk.rename(prepared.path(), directory.resolve(name.toString()));
            disk.syncDirectory(directory);
            held.add(new WalOpening.Held(name, prepared.file()));
            writtenOffset = frames.length();
            syncedOffset = writtenOffset;
            frames.clear();
        } catch (IOException why) {
            failed = why; // the old segment ends in synced records and the new one is not part of the log yet
            throw why;
        }
        return true;
    }

    private SegmentPipeline.Prepared unprepared() throws IOException {
        Path path = directory.resolve("2.tmp"); // a name that the pipeline does not use
        DiskFile file = disk.open(path, Disk.Open.CREATE_OR_TRUNCATE);
        if (!file.tryLock(DiskFile.Lock.OFD_EXCLUSIVE)) {
            file.close();
            throw new WalException(WalException.Kind.LOCKED, "lock " + path + ": held by another process");
        }
        return new SegmentPipeline.Prepared(path, file);
    }

    private void head() {
        Check.that(frames.length() == 0, "a segment begins behind unwritten records");
        frames.crcRecord();
        frames.record(RecordType.METADATA, metadata);
        if (state != null) frames.record(RecordType.STATE, state.encoded());
    }

    /**
     * Unlocks and closes the segments that are not needed any more once a snapshot at {@code index} exists; purging may
     * then delete them. The last segment that begins below the index stays.
     */
    public void release(long index) throws IOException {
        int keep = 0;
        while (keep < held.size() && Long.compareUnsigned(held.get(keep).name().index(), index) < 0) keep++;
        int first = Math.max(0, keep - 1);
        for (WalOpening.Held segment : held.subList(0, first)) segment.file().close();
        held.subList(0, first).clear();
        positions.dropBefore(held.getFirst().name());
    }

    /**
     * Reads entries back from the held segments, checksums verified.
     *
     * @param from the first index
     * @param to the index after the last
     * @param maxBytes stops before the entry that would exceed so many bytes of data, but gives at least one
     * @return consecutive entries from {@code from}; empty if that one is not, or no longer, held or not yet flushed
     */
    public List<Entry> read(long from, long to, long maxBytes) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        @Nullable FrameReader reader = null;
        @Nullable SegmentName current = null;
        for (long index = from; index < to; index++) {
            EntryPositions.Position position = positions.get(index);
            if (position == null) break;
            boolean tail = position.segment().equals(held.getLast().name());
            if (tail && position.offset() >= writtenOffset) break;
            long ahead = reader == null || !position.segment().equals(current) ? -1 : position.offset() - reader.offset();
            if (reader == null || ahead < 0 || ahead > SKIP_BYTES_MAX) {
                reader = FrameReader.at(fileOf(position.segment()), position.segment().toString(), position.offset(), position.crcBefore());
                current = position.segment();
            }
            WalRecord record = reader.next();
            while (record != null && reader.frameOffset() != position.offset()) record = reader.next();
            if (record == null || record.data() == null) {
                throw reader.failure(WalException.Kind.MALFORMED, "entry " + index + " is gone");
            }
            Entry entry = Entry.decode(record.data());
            if (entry.index() != index) throw reader.failure(WalException.Kind.MALFORMED, "entry " + entry.index() + " where " + index + " was written");
            bytes += record.data().length();
            if (bytes > maxBytes && !entries.isEmpty()) break;
            entries.add(entry);
        }
        return entries;
    }

    private DiskFile fileOf(SegmentName name) {
        for (WalOpening.Held segment : held) if (segment.name().equals(name)) return segment.file();
        throw new Check.BrokenInvariant("positions in a segment that is not held: " + name);
    }

    /**
     * Deletes the oldest segments until at most {@code max} are left, stopping at the first that somebody holds.
     *
     * @return the names deleted
     */
    public static List<String> purge(Disk disk, Path directory, int max) throws IOException {
        List<SegmentName> names = SegmentName.among(disk.list(directory));
        List<String> deleted = new ArrayList<>();
        for (SegmentName name : names.subList(0, Math.max(0, names.size() - max))) {
            Path path = directory.resolve(name.toString());
            try (DiskFile file = disk.open(path, Disk.Open.WRITE)) {
                if (!file.tryLock(DiskFile.Lock.OFD_EXCLUSIVE)) break;
                disk.delete(path);
            }
            deleted.add(name.toString());
        }
        return deleted;
    }

    /** Flushes, unless the log has failed, and lets go of all files. */
    @Override
    public void close() throws IOException {
        try {
            if (failed == null) {
                write();
                if (syncedOffset != writtenOffset) sync();
            }
        } finally {
            pipeline.close();
            for (WalOpening.Held segment : held) segment.file().close();
        }
    }
}
