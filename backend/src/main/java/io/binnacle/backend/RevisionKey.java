package io.binnacle.backend;

import io.binnacle.base.Bytes;

/**
 * The shape of the keys of bucket {@link Bucket#KEY}, which grow with every write: {@code u64be main | '_' | u64be sub},
 * and a final {@code 't'} on a tombstone (formats.md 7.1).
 */
public final class RevisionKey {

    /** Length of the key of a put. */
    public static final int BYTES = 17;
    /** Length of the key of a tombstone. */
    public static final int TOMBSTONE_BYTES = 18;

    private static final byte SEPARATOR = '_';
    private static final byte TOMBSTONE_MARK = 't';

    private RevisionKey() {}

    /** The key of a put. */
    public static Bytes put(long main, long sub) {
        byte[] key = new byte[BYTES];
        fill(key, main, sub);
        return Bytes.of(key);
    }

    /** The key of a tombstone. */
    public static Bytes tombstone(long main, long sub) {
        byte[] key = new byte[TOMBSTONE_BYTES];
        fill(key, main, sub);
        key[BYTES] = TOMBSTONE_MARK;
        return Bytes.of(key);
    }

    /** Whether the bytes have the shape of a revision key, of a put or of a tombstone. */
    public static boolean is(Bytes key) {
        int length = key.length();
        return (length == BYTES || (length == TOMBSTONE_BYTES && key.at(BYTES) == TOMBSTONE_MARK))
                && key.at(8) == SEPARATOR;
    }

    /** The main number of a revision key. */
    public static long main(Bytes key) {
        return number(key, 0);
    }

    /** The sub number of a revision key. */
    public static long sub(Bytes key) {
        return number(key, 9);
    }

    /** Whether a revision key is that of a tombstone. */
    public static boolean isTombstone(Bytes key) {
        return key.length() == TOMBSTONE_BYTES;
    }

    private static void fill(byte[] key, long main, long sub) {
        for (int at = 0; at < 8; at++) {
            key[at] = (byte) (main >>> (56 - 8 * at));
            key[9 + at] = (byte) (sub >>> (56 - 8 * at));
        }
        key[8] = SEPARATOR;
    }

    private static long number(Bytes key, int from) {
        long value = 0;
        for (int at = from; at < from + 8; at++) value = (value << 8) | (key.at(at) & 0xff);
        return value;
    }
}
