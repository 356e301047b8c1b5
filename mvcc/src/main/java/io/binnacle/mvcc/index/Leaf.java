package io.binnacle.mvcc.index;

import io.binnacle.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys in order, packed end to end, with the newest revision of each beside them and the older ones behind a link.
 *
 * <p>The arrays of keys are never changed, only replaced, so that a slice of them may be handed out; revisions are
 * changed in place while the batch owns the leaf. A put over an existing key copies 32 bytes a key, not the keys.
 */
final class Leaf extends Node {

    static final int KEYS_MAX = 32;
    /** Leaves of long keys split sooner, so that a put does not copy megabytes of neighbours. */
    private static final int KEY_BYTES_MAX = 8192;

    private static final byte[] NO_KEYS = new byte[0];
    private static final int[] NO_ENDS = new int[0];

    int count;
    private byte[] keys;
    private int[] ends;
    /** Newest revision of each key, {@link KeyRevision#LONGS} longs each. */
    private long[] newest;
    /** Older revisions of each key; null while no key of the leaf has any. */
    private @Nullable KeyHistory @Nullable [] older;

    private Leaf(long batch, int live, int count, byte[] keys, int[] ends, long[] newest,
            @Nullable KeyHistory @Nullable [] older) {
        super(batch, live);
        this.count = count;
        this.keys = keys;
        this.ends = ends;
        this.newest = newest;
        this.older = older;
    }

    static Leaf empty(long batch) {
        return new Leaf(batch, 0, 0, NO_KEYS, NO_ENDS, new long[0], null);
    }

    @Override
    Leaf copy(long newBatch) {
        return new Leaf(newBatch, live, count, keys, ends, Arrays.copyOf(newest, count * KeyRevision.LONGS),
                grown(older, count));
    }

    private int start(int slot) {
        return slot == 0 ? 0 : ends[slot - 1];
    }

    Bytes key(int slot) {
        int start = start(slot);
        return Bytes.of(keys, start, ends[slot] - start);
    }

    /** The place of the first key that is not below the given one. */
    int lowerBound(Bytes key) {
        byte[] array = key.array();
        int from = key.offset();
        int to = from + key.length();
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(keys, start(middle), ends[middle], array, from, to) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    boolean holds(int slot, Bytes key) {
        return slot < count && Arrays.equals(keys, start(slot), ends[slot],
                key.array(), key.offset(), key.offset() + key.length());
    }

    boolean live(int slot) {
        return !KeyRevision.tombstone(newest, slot);
    }

    int live(int fromSlot, int toSlot) {
        if (live == count) return toSlot - fromSlot;
        int found = 0;
        for (int slot = fromSlot; slot < toSlot; slot++) if (live(slot)) found++;
        return found;
    }

    /** The newest revision of a key not above {@code at}, a tombstone perhaps. */
    boolean read(int slot, long at, KeyRevision into) {
        if (KeyRevision.main(newest, slot) <= at) {
            into.read(newest, slot);
            return true;
        }
        KeyHistory history = older == null ? null : older[slot];
        return history != null && history.read(at, into);
    }

    /** A newer revision of a key that is here. */
    void replace(int slot, KeyRevision revision) {
        if (older == null) older = new KeyHistory[newest.length / KeyRevision.LONGS];
        older[slot] = KeyHistory.append(older[slot], newest, slot);
        if (live(slot)) live--;
        revision.write(newest, slot);
        if (!revision.tombstone()) live++;
    }

    /** A key that is not here yet. */
    void insert(int slot, Bytes key, KeyRevision revision) {
        int at = start(slot);
        byte[] moreKeys = new byte[keys.length + key.length()];
        System.arraycopy(keys, 0, moreKeys, 0, at);
        key.copyTo(moreKeys, at);
        System.arraycopy(keys, at, moreKeys, at + key.length(), keys.length - at);
        int[] moreEnds = new int[count + 1];
        System.arraycopy(ends, 0, moreEnds, 0, slot);
        for (int next = slot; next <= count; next++) moreEnds[next] = (next == slot ? at : ends[next - 1]) + key.length();
        keys = moreKeys;
        ends = moreEnds;

        int capacity = newest.length / KeyRevision.LONGS;
        if (count == capacity) {
            capacity = Math.min(KEYS_MAX + 1, count + 3);
            newest = Arrays.copyOf(newest, capacity * KeyRevision.LONGS);
            older = grown(older, capacity);
        }
        int longs = KeyRevision.LONGS;
        System.arraycopy(newest, slot * longs, newest, (slot + 1) * longs, (count - slot) * longs);
        revision.write(newest, slot);
        if (older != null) {
            System.arraycopy(older, slot, older, slot + 1, count - slot);
            older[slot] = null;
        }
        count++;
        if (!revision.tombstone()) live++;
    }

    @Override
    boolean small() {
        return count <= KEYS_MAX / 4;
    }

    @Override
    boolean overfull() {
        return count > KEYS_MAX || (count > 3 && keys.length > KEY_BYTES_MAX);
    }

    @Override
    Split split(long newBatch, boolean atEnd) {
        int kept = atEnd ? count - 1 : count / 2;
        Leaf right = part(newBatch, kept, count);
        byte[] separator = separator(key(kept - 1), right.key(0));
        Leaf left = part(batch, 0, kept);
        count = kept;
        live = left.live;
        keys = left.keys;
        ends = left.ends;
        newest = left.newest;
        older = left.older;
        return new Split(separator, right);
    }

    private Leaf part(long newBatch, int from, int to) {
        int base = start(from);
        int[] partEnds = Arrays.copyOfRange(ends, from, to);
        for (int slot = 0; slot < partEnds.length; slot++) partEnds[slot] -= base;
        return new Leaf(newBatch, live(from, to), to - from, Arrays.copyOfRange(keys, base, start(to)), partEnds,
                Arrays.copyOfRange(newest, from * KeyRevision.LONGS, to * KeyRevision.LONGS),
                older == null ? null : Arrays.copyOfRange(older, from, to));
    }

    /** Whether this leaf followed by its right neighbour makes one that has room left. */
    boolean joins(Leaf right) {
        return count + right.count <= KEYS_MAX * 3 / 4 && keys.length + right.keys.length <= KEY_BYTES_MAX;
    }

    Leaf joined(long newBatch, Leaf right) {
        int total = count + right.count;
        byte[] allKeys = Arrays.copyOf(keys, keys.length + right.keys.length);
        System.arraycopy(right.keys, 0, allKeys, keys.length, right.keys.length);
        int[] allEnds = Arrays.copyOf(ends, total);
        for (int slot = 0; slot < right.count; slot++) allEnds[count + slot] = keys.length + right.ends[slot];
        long[] allNewest = Arrays.copyOf(newest, total * KeyRevision.LONGS);
        System.arraycopy(right.newest, 0, allNewest, count * KeyRevision.LONGS, right.count * KeyRevision.LONGS);
        @Nullable KeyHistory[] allOlder = null;
        if (older != null || right.older != null) {
            allOlder = new KeyHistory[total];
            if (older != null) System.arraycopy(older, 0, allOlder, 0, count);
            if (right.older != null) System.arraycopy(right.older, 0, allOlder, count, right.count);
        }
        return new Leaf(newBatch, live + right.live, total, allKeys, allEnds, allNewest, allOlder);
    }

    /** Whether a compaction would take something out of this leaf. */
    boolean trimmable(long compactRevision) {
        if (older == null && live == count) return false;
        for (int slot = 0; slot < count; slot++) {
            if (vanishes(slot, compactRevision)) return true;
            KeyHistory history = older == null ? null : older[slot];
            if (history != null && trimmed(slot, history, compactRevision) != history) return true;
        }
        return false;
    }

    /** Takes out what a compaction drops (api.md 5.2); the result may be empty. */
    Leaf trimmed(long newBatch, long compactRevision) {
        Leaf kept = Leaf.empty(newBatch);
        kept.keys = new byte[keys.length];
        kept.ends = new int[count];
        kept.newest = new long[count * KeyRevision.LONGS];
        @Nullable KeyHistory[] histories = null;
        int bytes = 0;
        for (int slot = 0; slot < count; slot++) {
            if (vanishes(slot, compactRevision)) continue;
            int to = kept.count++;
            System.arraycopy(keys, start(slot), kept.keys, bytes, ends[slot] - start(slot));
            bytes += ends[slot] - start(slot);
            kept.ends[to] = bytes;
            System.arraycopy(newest, slot * KeyRevision.LONGS, kept.newest, to * KeyRevision.LONGS, KeyRevision.LONGS);
            KeyHistory history = older == null ? null : older[slot];
            KeyHistory rest = history == null ? null : trimmed(slot, history, compactRevision);
            if (rest != null) {
                if (histories == null) histories = new KeyHistory[count];
                histories[to] = rest;
            }
        }
        kept.keys = Arrays.copyOf(kept.keys, bytes);
        kept.ends = Arrays.copyOf(kept.ends, kept.count);
        kept.newest = Arrays.copyOf(kept.newest, kept.count * KeyRevision.LONGS);
        kept.older = grown(histories, kept.count);
        kept.live = live; // only tombstones vanish
        return kept;
    }

    /** A key whose newest revision is a tombstone below the compaction is gone; one exactly there stays. */
    private boolean vanishes(int slot, long compactRevision) {
        return KeyRevision.tombstone(newest, slot) && KeyRevision.main(newest, slot) < compactRevision;
    }

    private @Nullable KeyHistory trimmed(int slot, KeyHistory history, long compactRevision) {
        return KeyRevision.main(newest, slot) <= compactRevision ? null : history.trimmed(compactRevision);
    }
}
