package io.binnacle.mvcc.index;

/**
 * What the index knows of one revision of one key: a place to read it into, reused from key to key on hot paths.
 *
 * <p>Packed into {@value #LONGS} longs: {@code main}, {@code create}, {@code version}, and from the top bit down
 * tombstone (1 bit), sub (31), leased (1), length (31).
 */
public final class KeyRevision {

    /** Longs that one revision takes. */
    static final int LONGS = 4;

    private static final int LENGTH_MASK = 0x7fffffff;

    private long main;
    private long create;
    private long version;
    private long tail;

    /** A place without content. */
    public KeyRevision() {}

    /** The revision of the transaction that made the change. */
    public long main() {
        return main;
    }

    /** The place of the change within its transaction, from 0. */
    public int sub() {
        return (int) (tail >>> 32) & LENGTH_MASK;
    }

    /** The revision that began the generation; 0 on a tombstone. */
    public long create() {
        return create;
    }

    /** The number of puts in the generation so far; 0 on a tombstone. */
    public long version() {
        return version;
    }

    /** Bytes of the encoded {@code KeyValue} that is stored. */
    public int length() {
        return (int) tail & LENGTH_MASK;
    }

    /** Whether the stored {@code KeyValue} names a lease. */
    public boolean leased() {
        return (int) tail < 0;
    }

    /** Whether the change deleted the key. */
    public boolean tombstone() {
        return tail < 0;
    }

    /** Sets it to a put. */
    public KeyRevision put(long newMain, int sub, long newCreate, long newVersion, int length, boolean leased) {
        main = newMain;
        create = newCreate;
        version = newVersion;
        tail = (long) sub << 32 | (leased ? 0x80000000L : 0) | length;
        return this;
    }

    /** Sets it to a tombstone. */
    public KeyRevision tombstone(long newMain, int sub) {
        put(newMain, sub, 0, 0, 0, false);
        tail |= Long.MIN_VALUE;
        return this;
    }

    /** A copy that stays as it is. */
    public KeyRevision copy() {
        KeyRevision copy = new KeyRevision();
        copy.main = main;
        copy.create = create;
        copy.version = version;
        copy.tail = tail;
        return copy;
    }

    void read(long[] from, int slot) {
        int at = slot * LONGS;
        main = from[at];
        create = from[at + 1];
        version = from[at + 2];
        tail = from[at + 3];
    }

    /** Whether the packed revision deleted the key. */
    static boolean tombstone(long[] revisions, int slot) {
        return revisions[slot * LONGS + 3] < 0;
    }

    /** The transaction of a packed revision. */
    static long main(long[] revisions, int slot) {
        return revisions[slot * LONGS];
    }

    void write(long[] to, int slot) {
        int at = slot * LONGS;
        to[at] = main;
        to[at + 1] = create;
        to[at + 2] = version;
        to[at + 3] = tail;
    }
}
