package io.binnacle.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pages read at their positions and kept in a bounded cache of heap blocks, least recently used out first. A read
 * within one block is a part of the cached block; a longer one is read into memory of its own and not kept. What was
 * handed out is collected by the garbage collector, so nothing is ever taken from under a reader.
 *
 * <p>The file reports its own changes through {@link #changed}. A block that was being read while the file changed is
 * used for that one read, whose page its pin protects from rewriting, and is not kept.
 */
final class PositionalPages implements PageSource {

    private static final int STRIPES = 16;

    private final DiskFile file;
    private final int blockBytes;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Consumer<PositionalPages> onClose;
    /** Counts changes; raised before the blocks are dropped. */
    private final AtomicLong changes = new AtomicLong();
    private volatile long committed;
    private volatile boolean closed;

    PositionalPages(DiskFile file, PageAccess.Positional limits, Consumer<PositionalPages> onClose)
            throws IOException {
        this.file = file;
        this.blockBytes = limits.blockBytes();
        this.onClose = onClose;
        this.committed = file.size();
        int blocksPerStripe = (int) Math.min(1 << 24, Math.max(1, limits.cacheBytes() / blockBytes / STRIPES));
        for (int index = 0; index < STRIPES; index++) stripes[index] = new Stripe(blocksPerStripe);
    }

    @Override
    public MemorySegment read(long offset, long length) throws IOException {
        if (closed) throw new IOException("read " + file.path() + ": pages are closed");
        long end = committed;
        if (offset < 0 || length < 0 || offset > end - length) {
            throw new IOException("read " + file.path() + ": " + length + " bytes at " + offset
                    + " reach past the committed length " + end);
        }
        long block = offset / blockBytes;
        if (length == 0 || (offset + length - 1) / blockBytes != block) return load(offset, length, length);
        Stripe stripe = stripes[(int) (block % STRIPES)];
        int within = (int) (offset - block * blockBytes);
        MemorySegment cached = stripe.get(block);
        if (cached == null || cached.byteSize() < within + length) {
            long before = changes.get();
            cached = load(block * blockBytes, blockBytes, within + length);
            stripe.put(block, cached, () -> changes.get() == before);
        }
        return cached.asSlice(within, length);
    }

    /** Reads up to {@code length} bytes, of which {@code needed} must be there: the last block may be cut by the end. */
    private MemorySegment load(long offset, long length, long needed) throws IOException {
        if (length > Integer.MAX_VALUE - 8) throw new IOException("read " + file.path() + ": " + length + " bytes at once");
        byte[] bytes = new byte[(int) length];
        int read = file.read(offset, ByteBuffer.wrap(bytes));
        if (read < needed) {
            throw new IOException("read " + file.path() + ": the file ends at " + (offset + read)
                    + ", within the committed length " + committed);
        }
        return MemorySegment.ofArray(bytes).asSlice(0, read).asReadOnly();
    }

    /** The file's bytes [offset, offset + length) are no longer what they were. */
    void changed(long offset, long length) {
        changes.incrementAndGet();
        if (length <= 0) return;
        long first = offset / blockBytes;
        long last = (offset + length - 1) / blockBytes;
        if (last - first > 1024) {
            for (Stripe stripe : stripes) stripe.removeBetween(first, last);
        } else {
            for (long block = first; block <= last; block++) stripes[(int) (block % STRIPES)].remove(block);
        }
    }

    @Override
    public long committedLength() {
        return committed;
    }

    @Override
    public void committedLength(long length) throws IOException {
        long size = file.size();
        if (length < 0 || length > size) {
            throw new IOException("commit " + file.path() + ": length " + length + " of a file of " + size + " bytes");
        }
        committed = length;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        onClose.accept(this);
        changed(0, Long.MAX_VALUE);
    }

    /** One part of the cache; the lock is held for a map access only, never for a read from the disk. */
    private static final class Stripe {
        private final LinkedHashMap<Long, MemorySegment> blocks;

        Stripe(int capacity) {
            blocks = new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, MemorySegment> eldest) {
                    return size() > capacity;
                }
            };
        }

        synchronized @Nullable MemorySegment get(long block) {
            return blocks.get(block);
        }

        synchronized void put(long block, MemorySegment segment, BooleanSupplier unchanged) {
            if (unchanged.getAsBoolean()) blocks.put(block, segment);
        }

        synchronized void remove(long block) {
            blocks.remove(block);
        }

        synchronized void removeBetween(long first, long last) {
            blocks.keySet().removeIf(block -> block >= first && block <= last);
        }
    }
}
