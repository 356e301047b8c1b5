package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One committed state of the file, pinned by reference count: its pages are not reused while anybody holds it. One
 * object per commit; {@link BoltFile#snapshot()} hands it out with one reference, to be given back by {@link #close()}.
 * Safe for all threads.
 */
public final class BoltSnapshot implements AutoCloseable {

    private final BoltFile file;
    private final Pages pages;
    private final Meta meta;
    /** Holders; the file itself is one as long as this is the newest state. Never rises again from 0. */
    private final AtomicInteger holders = new AtomicInteger(1);

    BoltSnapshot(BoltFile file, Pages pages, Meta meta) {
        this.file = file;
        this.pages = pages;
        this.meta = meta;
    }

    /** The transaction that made this state. */
    public long txid() {
        return meta.txid();
    }

    /**
     * Takes one more reference.
     *
     * @return false if the last one is gone: take the newest snapshot again
     */
    public boolean acquire() {
        int now = holders.get();
        while (now > 0) {
            int seen = holders.compareAndExchange(now, now + 1);
            if (seen == now) return true;
            now = seen;
        }
        return false;
    }

    /** Gives one reference back. */
    @Override
    public void close() {
        int left = holders.decrementAndGet();
        Check.that(left >= 0, "snapshot given back too often");
        if (left == 0) file.snapshotEnded();
    }

    /** Names of all buckets, in order. */
    public List<Bytes> bucketNames() {
        List<Bytes> names = new ArrayList<>();
        BoltCursor cursor = root().cursor();
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            if (cursor.isBucket()) names.add(cursor.key());
        }
        return names;
    }

    /** A bucket, null if there is none of that name. Costs a search; may be kept as long as the pin. */
    public @Nullable BoltBucket bucket(Bytes name) {
        file.checkUsable();
        BoltCursor cursor = root().cursor();
        if (!cursor.seek(name) || !cursor.isBucket() || !cursor.key().equals(name)) return null;
        return cursor.bucket();
    }

    /** Length of the image that {@link #copyTo} gives: all pages ever allocated. */
    public long lengthBytes() {
        return meta.hwm() * meta.pageSize();
    }

    /**
     * Copies bytes of a stand-alone database file that holds exactly this state: both meta pages are its own, the second
     * with the transaction before (formats as bbolt's {@code Tx.WriteTo}), the other pages are verbatim.
     *
     * @param offset in the image
     * @param target filled until it is full or the image ends
     */
    public void copyTo(long offset, ByteBuffer target) {
        file.checkUsable();
        long metaBytes = 2L * meta.pageSize();
        long at = offset;
        if (at < metaBytes && target.hasRemaining()) {
            ByteBuffer metas = ByteBuffer.allocate((int) metaBytes);
            meta.encode(metas, 0, 0);
            meta.withTxid(meta.txid() - 1).encode(metas, meta.pageSize(), 1);
            int piece = (int) Math.min(metaBytes - at, target.remaining());
            target.put(metas.array(), (int) at, piece);
            at += piece;
        }
        long piece = Math.min(lengthBytes() - at, target.remaining());
        if (piece <= 0) return;
        MemorySegment source = pages.bytes(at, piece);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, MemorySegment.ofBuffer(target), ValueLayout.JAVA_BYTE, 0, piece);
        target.position(target.position() + (int) piece);
    }

    /** The bucket of buckets. */
    BoltBucket root() {
        return new BoltBucket(pages, meta.hwm(), meta.root(), null);
    }

    Meta meta() {
        return meta;
    }

    Pages pages() {
        return pages;
    }

    /** Whether anybody holds it besides the file, which holds its newest. */
    boolean pinned(boolean newest) {
        return holders.get() > (newest ? 1 : 0);
    }
}
