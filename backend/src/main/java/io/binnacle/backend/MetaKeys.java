package io.binnacle.backend;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** The keys of bucket {@link Bucket#META} that the backend itself reads and writes; formats.md section 7. */
public final class MetaKeys {

    /** Index of the last entry that the file covers, u64 big-endian; absent while 0. */
    public static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");

    /** Term of that entry, u64 big-endian; absent while 0. */
    public static final Bytes TERM = Bytes.utf8("term");

    /** The version of the schema as text; here because hashes leave it out. */
    public static final Bytes STORAGE_VERSION = Bytes.utf8("storageVersion");

    private MetaKeys() {}

    /** The eight bytes of a number, most significant first. */
    public static Bytes number(long value) {
        byte[] bytes = new byte[8];
        for (int at = 0; at < 8; at++) bytes[at] = (byte) (value >>> (56 - 8 * at));
        return Bytes.of(bytes);
    }

    /**
     * The number in eight bytes, most significant first; 0 where there is none.
     *
     * @throws IllegalStateException if there are not exactly eight bytes: the file is not etcd's, or damaged
     */
    public static long number(@Nullable Bytes bytes) {
        if (bytes == null) return 0;
        if (bytes.length() != 8) {
            throw new IllegalStateException("a counter in bucket meta has " + bytes.length() + " bytes instead of 8");
        }
        long value = 0;
        for (int at = 0; at < 8; at++) value = (value << 8) | (bytes.at(at) & 0xff);
        return value;
    }
}
