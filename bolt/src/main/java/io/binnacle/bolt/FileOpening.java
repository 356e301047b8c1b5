package io.binnacle.bolt;

import static io.binnacle.bolt.BoltException.Kind.INVALID_DATABASE;
import static io.binnacle.bolt.BoltException.Kind.TRUNCATED;

import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/** Finds the page size and the newest sound meta page of a file, or lays out an empty one. */
final class FileOpening {

    private static final int PAGE_SIZE_MIN = 1024;
    private static final int PAGE_SIZE_SHIFTS = 15;

    /** The state to go on from, and the file's length. */
    record Found(Meta newest, long fileBytes) {}

    private final DiskFile file;
    private final BoltOptions options;

    FileOpening(DiskFile file, BoltOptions options) {
        this.file = file;
        this.options = options;
    }

    /**
     * Reads both meta pages. One bad meta page is passed over in silence, as bbolt does.
     *
     * @throws BoltException if both are bad, with the first one's flaw, or the file is too short for its meta
     */
    Found find() throws IOException {
        if (file.size() == 0 && !options.readOnly()) create();
        long fileBytes = file.size();
        int pageSize = pageSize(fileBytes);
        ByteBuffer first = metaAt(file, 0);
        ByteBuffer second = metaAt(file, pageSize);
        BoltException.Kind firstFlaw = Meta.flaw(first);
        boolean secondSound = Meta.flaw(second) == null;
        if (firstFlaw != null && !secondSound) throw BoltException.of(firstFlaw);
        Meta newest;
        if (firstFlaw == null && secondSound) {
            Meta zero = Meta.decode(first);
            Meta one = Meta.decode(second);
            newest = zero.txid() > one.txid() ? zero : one;
        } else {
            newest = Meta.decode(secondSound ? second : first);
        }
        if (newest.hwm() < 3 || newest.hwm() > Integer.MAX_VALUE) throw BoltException.corrupt(newest.txid() & 1, "counts " + newest.hwm() + " pages");
        if (newest.hwm() * pageSize > fileBytes) {
            throw new BoltException(TRUNCATED, "file ends at " + fileBytes + ", its meta counts " + newest.hwm()
                    + " pages of " + pageSize + " bytes", null);
        }
        return new Found(newest, fileBytes);
    }

    /** High-water mark of the meta page that does not hold {@code newest}, 0 if that page is bad. */
    static long otherMetaEnd(DiskFile file, Meta newest) throws IOException {
        ByteBuffer other = metaAt(file, (newest.txid() + 1 & 1) * newest.pageSize());
        return Meta.flaw(other) == null ? Meta.decode(other).hwm() : 0;
    }

    /** Every page from 2 on that a walk did not reach, the stored freelist's own pages left out. */
    static BitSet unreached(BitSet reached, Meta meta, Pages pages) {
        BitSet free = (BitSet) reached.clone();
        free.flip(2, (int) meta.hwm());
        if (meta.freelist() != Meta.NO_FREELIST) {
            int list = (int) meta.freelist();
            free.clear(list, list + FreelistPage.spanOf(pages, list, meta.hwm()));
        }
        return free;
    }

    private void create() throws IOException {
        int pageSize = options.pageSize();
        ByteBuffer all = ByteBuffer.allocate(4 * pageSize).order(ByteOrder.LITTLE_ENDIAN);
        Meta meta = new Meta(pageSize, 3, 0, 2, 4, 0);
        meta.encode(all, 0, 0);
        meta.withTxid(1).encode(all, pageSize, 1);
        all.putLong(2 * pageSize, 2).putShort(2 * pageSize + 8, (short) Page.FREELIST);
        all.putLong(3 * pageSize, 3).putShort(3 * pageSize + 8, (short) Page.LEAF);
        file.write(0, all);
        if (!options.noSync()) file.datasync();
    }

    private int pageSize(long fileBytes) throws IOException {
        ByteBuffer first = metaAt(file, 0);
        int size = Meta.flaw(first) == null ? Meta.decode(first).pageSize() : 0;
        for (int shift = 0; size == 0 && shift < PAGE_SIZE_SHIFTS; shift++) {
            long at = (long) PAGE_SIZE_MIN << shift;
            if (at > fileBytes - PAGE_SIZE_MIN) break;
            ByteBuffer page = metaAt(file, at);
            if (Meta.flaw(page) == null) size = Meta.decode(page).pageSize();
        }
        if (size == 0) return options.pageSize();
        if (size < 512 || Integer.bitCount(size) != 1) throw BoltException.of(INVALID_DATABASE);
        return size;
    }

    private static ByteBuffer metaAt(DiskFile file, long offset) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(Meta.BYTES);
        file.read(offset, page);
        return page.flip();
    }
}
