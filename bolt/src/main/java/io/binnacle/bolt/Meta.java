package io.binnacle.bolt;

import static io.binnacle.bolt.BoltException.Kind.CHECKSUM_ERROR;
import static io.binnacle.bolt.BoltException.Kind.INVALID_DATABASE;
import static io.binnacle.bolt.BoltException.Kind.VERSION_MISMATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A meta page's content: the root of one committed state.
 *
 * <pre>
 *  0 u32 magic | 4 u32 version | 8 u32 pageSize | 12 u32 flags | 16 u64 root | 24 u64 sequence
 * 32 u64 freelist | 40 u64 hwm | 48 u64 txid | 56 u64 FNV-1a 64 of bytes 0..55
 * </pre>
 *
 * @param pageSize bytes per page
 * @param root root page of the root bucket
 * @param sequence sequence of the root bucket, kept but never used
 * @param freelist page of the stored freelist, or {@link #NO_FREELIST}
 * @param hwm high-water mark: the first page id never allocated
 * @param txid the transaction that wrote it; it lies in page {@code txid % 2}
 */
record Meta(int pageSize, long root, long sequence, long freelist, long hwm, long txid) {

    /** Value of {@link #freelist} when the list is not stored. */
    static final long NO_FREELIST = -1L;
    /** Bytes of a meta page that mean something: page header and meta. */
    static final int BYTES = 80;

    private static final int MAGIC = 0xED0CDAED;
    private static final int VERSION = 2;
    private static final int AT = 16;
    private static final int SUMMED_BYTES = 56;

    /** Writes page header and meta into a page that begins at the buffer's index {@code at}. */
    void encode(ByteBuffer page, int at, long pageId) {
        page.order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(at, pageId).putShort(at + 8, (short) Page.META).putShort(at + 10, (short) 0).putInt(at + 12, 0);
        int meta = at + AT;
        page.putInt(meta, MAGIC).putInt(meta + 4, VERSION).putInt(meta + 8, pageSize).putInt(meta + 12, 0);
        page.putLong(meta + 16, root).putLong(meta + 24, sequence).putLong(meta + 32, freelist);
        page.putLong(meta + 40, hwm).putLong(meta + 48, txid).putLong(meta + 56, checksum(page, meta));
    }

    /** What is wrong with the meta of a page that begins at index 0, in bbolt's order of tests; null if nothing. */
    static BoltException.@Nullable Kind flaw(ByteBuffer page) {
        page.order(ByteOrder.LITTLE_ENDIAN);
        if (page.limit() < BYTES || page.getInt(AT) != MAGIC) return INVALID_DATABASE;
        if (page.getInt(AT + 4) != VERSION) return VERSION_MISMATCH;
        return page.getLong(AT + 56) == checksum(page, AT) ? null : CHECKSUM_ERROR;
    }

    /** Reads the meta of a page without {@link #flaw}. */
    static Meta decode(ByteBuffer page) {
        page.order(ByteOrder.LITTLE_ENDIAN);
        return new Meta(page.getInt(AT + 8), page.getLong(AT + 16), page.getLong(AT + 24),
                page.getLong(AT + 32), page.getLong(AT + 40), page.getLong(AT + 48));
    }

    Meta withTxid(long other) {
        return new Meta(pageSize, root, sequence, freelist, hwm, other);
    }

    private static long checksum(ByteBuffer page, int from) {
        long hash = 0xcbf29ce484222325L;
        for (int at = from; at < from + SUMMED_BYTES; at++) {
            hash = (hash ^ (page.get(at) & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
