package io.binnacle.bolt;

import static io.binnacle.bolt.BoltException.Kind.CLOSED;
import static io.binnacle.bolt.BoltException.Kind.DISK_FAILED;
import static io.binnacle.bolt.BoltException.Kind.LOCKED;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.PageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open bbolt file. {@link #snapshot()} and the figures are for all threads; {@link #begin()}, the writer it gives,
 * {@link #shrink()} and {@link #close()} are for one thread at a time.
 *
 * <p>Any failure inside a commit is final: the memory of this object and the file may no longer agree, and the kernel
 * may have dropped what a sync was to save. From then on everything is refused with the cause.
 */
public final class BoltFile implements AutoCloseable {

    private final BoltOptions options;
    private final DiskFile file;
    private final PageSource source;
    private final Pages pages;
    private final Freelist freelist = new Freelist();
    private final FileGrowth growth;
    private @Nullable PageSink sink;
    private final AtomicBoolean writing = new AtomicBoolean();
    /** Replaced states that may still be pinned, oldest first; the writer's. */
    private final List<BoltSnapshot> older = new ArrayList<>();
    /** Snapshots not yet ended; at 0 the closed file's resources go. */
    private final AtomicInteger snapshots = new AtomicInteger(1);
    private volatile BoltSnapshot newest;
    private volatile long fileBytes;
    private volatile long freePages;
    private volatile @Nullable BoltException failure;
    private volatile boolean closed;

    private BoltFile(BoltOptions options, DiskFile file, PageSource source, FileOpening.Found found) {
        this.options = options;
        this.file = file;
        this.source = source;
        this.pages = new Pages(source, found.newest().pageSize());
        this.fileBytes = found.fileBytes();
        this.growth = new FileGrowth(found.fileBytes(), options.initialMapBytes());
        this.newest = new BoltSnapshot(this, pages, found.newest());
        pages.reserve(found.newest().hwm());
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws BoltException if it is not a bbolt file, damaged where it is read at open, locked, or the disk failed
     */
    public static BoltFile open(Disk disk, Path path, BoltOptions options) {
        DiskFile file = null;
        PageSource source = null;
        BoltFile opened = null;
        try {
            boolean existed = disk.exists(path);
            file = disk.open(path, options.readOnly() ? Disk.Open.READ : Disk.Open.CREATE_OR_OPEN);
            if (!file.tryLock(options.readOnly() ? DiskFile.Lock.FLOCK_SHARED : DiskFile.Lock.FLOCK_EXCLUSIVE)) {
                throw new BoltException(LOCKED, path + " is locked by another process", null);
            }
            FileOpening.Found found = new FileOpening(file, options).find();
            Path directory = path.getParent();
            if (!existed && directory != null) disk.syncDirectory(directory);
            source = file.pages();
            source.committedLength(Math.min(found.fileBytes(), found.newest().hwm() * found.newest().pageSize()));
            BoltFile bolt = new BoltFile(options, file, source, found);
            bolt.start();
            opened = bolt;
            return bolt;
        } catch (IOException e) {
            throw BoltException.disk("open " + path, e);
        } finally {
            if (opened == null) closeQuietly(source, file);
        }
    }

    /** Pins the newest committed state. */
    public BoltSnapshot snapshot() {
        checkUsable();
        while (true) { // ends: a snapshot only ends after a newer one was published
            BoltSnapshot now = newest;
            if (now.acquire()) return now;
            checkUsable();
        }
    }

    /**
     * Starts the write transaction.
     *
     * @throws IllegalStateException if one is open, or the file was opened for reading only
     */
    public BoltWriter begin() {
        checkUsable();
        if (options.readOnly()) throw new IllegalStateException("opened for reading only");
        if (!writing.compareAndSet(false, true)) throw new IllegalStateException("a write transaction is open");
        older.removeIf(snapshot -> !snapshot.pinned(false));
        List<BoltSnapshot> readers = new ArrayList<>(older);
        if (newest.pinned(true)) readers.add(newest);
        freelist.release(readers.stream().mapToLong(BoltSnapshot::txid).toArray());
        return new BoltWriter(this, pages, freelist, newest.meta());
    }

    /** Logical size: all pages below the high-water mark, free ones included. */
    public long sizeBytes() {
        return newest.lengthBytes();
    }

    /** {@link #sizeBytes()} without the pages that were free after the last commit. */
    public long sizeInUseBytes() {
        return sizeBytes() - freePages * pages.pageSize;
    }

    /** Length of the file itself. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Bytes per page. */
    public int pageSize() {
        return pages.pageSize;
    }

    /** The last committed transaction. */
    public long txid() {
        return newest.txid();
    }

    /** Checks a snapshot as {@code bbolt check} does; visits every page; empty if it is sound. */
    public List<String> check(BoltSnapshot snapshot) {
        checkUsable();
        return new FileCheck(snapshot).findings();
    }

    /** Counts the pages and keys of a bucket in a snapshot, null if it is absent; visits every page. */
    public @Nullable BucketStats stats(BoltSnapshot snapshot, Bytes bucket) {
        BoltBucket found = snapshot.bucket(bucket);
        return found == null ? null : BucketStats.of(found);
    }

    /**
     * Cuts the file where no meta page and no pinned snapshot reaches. Between write transactions only.
     *
     * @return bytes given back to the file system, 0 if there are none
     */
    public long shrink() {
        checkUsable();
        Check.that(!writing.get() && !options.readOnly(), "shrink inside a write transaction");
        try {
            long end = newest.meta().hwm();
            end = Math.max(end, FileOpening.otherMetaEnd(file, newest.meta()));
            older.removeIf(snapshot -> !snapshot.pinned(false));
            for (BoltSnapshot snapshot : older) end = Math.max(end, snapshot.meta().hwm());
            long length = end * pages.pageSize;
            long before = fileBytes;
            if (length >= before) return 0;
            source.committedLength(Math.min(source.committedLength(), length));
            file.truncate(length);
            if (!options.noSync()) file.sync();
            fileBytes = length;
            return before - length;
        } catch (IOException e) {
            throw fail(e);
        }
    }

    /** Closes the file; its pages and its lock go when the last snapshot ends. A second call does nothing. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        newest.close();
    }

    // What follows is for the other classes of this package.

    BoltOptions options() {
        return options;
    }

    FileGrowth growth() {
        return growth;
    }

    void checkUsable() {
        BoltException failed = failure;
        if (failed != null) throw new BoltException(DISK_FAILED, "refused since an earlier failure: " + failed.getMessage(), failed);
        if (closed) throw new BoltException(CLOSED, file.path() + " is closed", null);
    }

    /** A snapshot lost its last holder. */
    void snapshotEnded() {
        if (snapshots.decrementAndGet() > 0) return;
        try {
            source.close();
            file.close();
        } catch (IOException e) {
            throw BoltException.disk("close " + file.path(), e);
        }
    }

    void ended(BoltWriter writer) {
        Check.that(writing.compareAndSet(true, false), "no write transaction");
    }

    /** The whole of a commit: pages ascending, sync, meta page, sync; then readers see it. */
    void commit(BoltWriter writer) {
        try {
            publish(write(writer));
        } catch (IOException | RuntimeException e) { // whatever stopped it half-way, going on could lose data
            throw fail(e);
        }
        ended(writer);
    }

    /** Where free, pending and reachable pages disagree, for tests between transactions; empty if they agree. */
    List<String> checkFreelist() {
        TreeWalk walk = new TreeWalk(pages, newest.meta().hwm());
        walk.visit(newest.meta().root(), page -> {});
        BitSet expected = FileOpening.unreached(walk.reached(), newest.meta(), pages);
        BitSet all = freelist.all();
        List<String> findings = new ArrayList<>();
        if (!all.equals(expected)) findings.add("free and pending " + all + " but unreachable " + expected);
        if (all.cardinality() != freelist.freeCount() + freelist.pendingCount()) findings.add("counts are off");
        return findings;
    }

    private void start() throws IOException {
        Meta meta = newest.meta();
        BitSet free;
        if (meta.freelist() != Meta.NO_FREELIST) {
            free = FreelistPage.read(pages, meta.freelist(), meta.hwm());
        } else {
            TreeWalk walk = new TreeWalk(pages, meta.hwm());
            walk.visit(meta.root(), page -> {});
            free = FileOpening.unreached(walk.reached(), meta, pages);
        }
        for (int id = free.nextSetBit(0); id >= 0; id = free.nextSetBit(id + 1)) freelist.add(id);
        freePages = freelist.freeCount();
        if (options.freelistSync() && !options.readOnly() && meta.freelist() == Meta.NO_FREELIST) begin().commit();
    }

    private Meta write(BoltWriter writer) throws IOException {
        Meta base = writer.base();
        Meta spilled = writer.spill();
        if (base.freelist() != Meta.NO_FREELIST) {
            int span = FreelistPage.spanOf(pages, base.freelist(), base.hwm());
            freelist.free(writer.txid(), base.freelist(), span, writer.txid() - 1);
        }
        long listId = Meta.NO_FREELIST;
        int listSpan = 0;
        if (options.freelistSync()) {
            listSpan = FreelistPage.span((long) freelist.freeCount() + freelist.pendingCount(), pages.pageSize);
            listId = writer.allocate(listSpan);
        }
        Meta meta = new Meta(base.pageSize(), spilled.root(), base.sequence(), listId, writer.hwm(), writer.txid());
        if (meta.hwm() > base.hwm()) grow((meta.hwm() + 1) * pages.pageSize);
        pages.reserve(meta.hwm());
        writePages(writer.placed(), listId, listSpan);
        if (!options.noSync()) file.datasync();
        ByteBuffer page = ByteBuffer.allocate(pages.pageSize);
        meta.encode(page, 0, meta.txid() & 1);
        file.write((meta.txid() & 1) * pages.pageSize, page);
        if (!options.noSync()) file.datasync();
        return meta;
    }

    private void writePages(List<NodePage> placed, long listId, int listSpan) {
        PageSink out = sink;
        if (out == null) {
            out = new PageSink(file, pages.pageSize);
            sink = out;
        }
        out.reset();
        placed.sort(Comparator.comparingLong(NodePage::id));
        boolean listPending = listSpan > 0;
        for (NodePage page : placed) {
            if (listPending && listId < page.id()) {
                FreelistPage.write(out, listId, listSpan, freelist.all());
                listPending = false;
            }
            pages.written(page.id(), page.span());
            page.node().write(out, page.from(), page.to(), page.id(), page.span());
            out.pad(page.id() + page.span() - 1);
        }
        if (listPending) FreelistPage.write(out, listId, listSpan, freelist.all());
        out.flush();
    }

    private void grow(long neededBytes) throws IOException {
        if (neededBytes <= fileBytes) return;
        long length = growth.lengthFor(neededBytes);
        file.truncate(length);
        if (!options.noSync()) file.sync();
        fileBytes = length;
    }

    private void publish(Meta meta) throws IOException {
        long length = meta.hwm() * pages.pageSize;
        if (length > source.committedLength()) source.committedLength(length);
        freePages = freelist.freeCount();
        BoltSnapshot old = newest;
        snapshots.incrementAndGet();
        newest = new BoltSnapshot(this, pages, meta);
        older.add(old);
        old.close();
    }

    private BoltException fail(Exception cause) {
        Throwable root = cause instanceof UncheckedIOException && cause.getCause() instanceof IOException inner ? inner : cause;
        BoltException failed = BoltException.disk("commit to " + file.path(), root);
        failure = failed;
        return failed;
    }

    private static void closeQuietly(@Nullable PageSource source, @Nullable DiskFile file) {
        try {
            if (source != null) source.close();
            if (file != null) file.close();
        } catch (IOException e) {
            // The reason why opening failed is on its way to the caller; nothing was written through this descriptor.
            return;
        }
    }
}
