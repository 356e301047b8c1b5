package io.binnacle.base;

import java.util.zip.CRC32C;

/**
 * CRC-32 Castagnoli (reflected polynomial 0x82F63B78) that can go on from a stored value, which
 * {@link java.util.zip.CRC32C} cannot: {@code update(update(0, a), b)} is the checksum of {@code a} followed by {@code b}.
 *
 * <p>The JDK's intrinsic does the work. To start it from a given value it is first fed the four bytes that bring its
 * register there: a step over one byte is invertible, so those bytes are found by walking the byte table backwards.
 */
public final class Crc32c {

    private static final int POLYNOMIAL = 0x82F63B78;
    /** For each value of a table entry's top byte, the index of that entry: what undoes one byte's step. */
    private static final int[] TABLE = new int[256];
    private static final int[] INDEX_BY_TOP_BYTE = new int[256];

    static {
        for (int index = 0; index < 256; index++) {
            int register = index;
            for (int bit = 0; bit < 8; bit++) {
                register = (register & 1) != 0 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1;
            }
            TABLE[index] = register;
            INDEX_BY_TOP_BYTE[register >>> 24] = index;
        }
    }

    private Crc32c() {}

    /** The checksum of all that {@code crc} covers followed by these bytes; {@code crc} of nothing is 0. */
    public static int update(int crc, byte[] bytes, int offset, int length) {
        CRC32C summer = new CRC32C();
        if (crc != 0) seed(summer, crc);
        summer.update(bytes, offset, length);
        return (int) summer.getValue();
    }

    /** As {@link #update(int, byte[], int, int)} for the whole of {@code bytes}. */
    public static int update(int crc, Bytes bytes) {
        return update(crc, bytes.array(), bytes.offset(), bytes.length());
    }

    /** A JDK summer that stands as if it had already read what {@code crc} covers. */
    public static CRC32C resumed(int crc) {
        CRC32C summer = new CRC32C();
        if (crc != 0) seed(summer, crc);
        return summer;
    }

    private static void seed(CRC32C summer, int crc) {
        int target = ~crc; // the register is the value with all bits turned
        // Backwards: the four table indexes whose steps end in the target, whatever the register held before.
        int register = target;
        int[] indexes = new int[4];
        for (int step = 3; step >= 0; step--) {
            int index = INDEX_BY_TOP_BYTE[register >>> 24];
            indexes[step] = index;
            register = (register ^ TABLE[index]) << 8;
        }
        // Forwards: the bytes that select those indexes from a fresh register.
        byte[] prefix = new byte[4];
        register = 0xFFFFFFFF;
        for (int step = 0; step < 4; step++) {
            prefix[step] = (byte) (indexes[step] ^ register);
            register = (register >>> 8) ^ TABLE[indexes[step]];
        }
        summer.update(prefix, 0, 4);
    }
}
