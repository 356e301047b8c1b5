package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code from <= key < to}; empty if {@code to <= from}.
 *
 * @param to null for no upper bound
 */
public record KeyRange(Bytes from, @Nullable Bytes to) {

    /** All keys there can be, the empty one included. */
    public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, null);

    /** The range that a request names (api.md 1.1): no end means the key alone, one zero byte all from the key on. */
    public static KeyRange of(Bytes key, Bytes rangeEnd) {
        if (rangeEnd.isEmpty()) return point(key);
        if (rangeEnd.length() == 1 && rangeEnd.at(0) == 0) return new KeyRange(key, null);
        return new KeyRange(key, rangeEnd);
    }

    /** One key alone. */
    public static KeyRange point(Bytes key) {
        return new KeyRange(key, key.append((byte) 0));
    }

    /** Whether no key can be inside. */
    public boolean isEmpty() {
        return to != null && to.compareTo(from) <= 0;
    }

    /** Whether the key is inside. */
    public boolean contains(Bytes key) {
        return key.compareTo(from) >= 0 && (to == null || key.compareTo(to) < 0);
    }
}
