package io.binnacle.io.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one simulated file, in sectors of 512 bytes: what a reader sees, what is surely on the platter, and
 * every version of every sector written in between, any of which may be the one that a power loss leaves behind.
 *
 * <p>Sector arrays are never changed once stored, so copies of a file share them. Owned by {@link SimDisk}'s lock.
 */
final class SimContent {

    static final int SECTOR = 512;

    /** A sector's content after a write or, for {@code truncation}, after a cut; null means zeros. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the arrays are shared between copies of a file
    private record Version(long sequence, byte @Nullable [] bytes, boolean truncation) {}

    private record LengthChange(long sequence, long length) {}

    private final Map<Long, byte[]> visible = new HashMap<>();
    private final Map<Long, byte[]> durable = new HashMap<>();
    /** Versions since the last sync, oldest first. Sorted, so that chance is drawn in the same order each time. */
    private final TreeMap<Long, List<Version>> dirty = new TreeMap<>();
    private final List<LengthChange> lengths = new ArrayList<>();
    private long length;
    private long durableLength;
    private long sequence;

    SimContent copy() {
        SimContent copy = new SimContent();
        copy.visible.putAll(visible);
        copy.durable.putAll(durable);
        dirty.forEach((sector, versions) -> copy.dirty.put(sector, new ArrayList<>(versions)));
        copy.lengths.addAll(lengths);
        copy.length = length;
        copy.durableLength = durableLength;
        copy.sequence = sequence;
        return copy;
    }

    long length() {
        return length;
    }

    int read(long position, byte[] target, int offset, int wanted) {
        int total = (int) Math.max(0, Math.min(wanted, length - position));
        for (int done = 0; done < total; ) {
            long at = position + done;
            int within = (int) (at % SECTOR);
            int piece = Math.min(SECTOR - within, total - done);
            byte[] sector = visible.get(at / SECTOR);
            if (sector == null) Arrays.fill(target, offset + done, offset + done + piece, (byte) 0);
            else System.arraycopy(sector, within, target, offset + done, piece);
            done += piece;
        }
        return total;
    }

    void write(long position, byte[] source, int offset, int count) {
        for (int done = 0; done < count; ) {
            long at = position + done;
            int within = (int) (at % SECTOR);
            int piece = Math.min(SECTOR - within, count - done);
            byte[] before = visible.get(at / SECTOR);
            byte[] after = before == null ? new byte[SECTOR] : before.clone();
            System.arraycopy(source, offset + done, after, within, piece);
            put(at / SECTOR, after, false);
            done += piece;
        }
        if (position + count > length && count > 0) setLength(position + count);
    }

    void truncate(long newLength) {
        if (newLength < length) {
            long firstGone = (newLength + SECTOR - 1) / SECTOR;
            List<Long> gone = new ArrayList<>();
            for (Long sector : visible.keySet()) if (sector >= firstGone) gone.add(sector);
            for (Long sector : durable.keySet()) {
                if (sector >= firstGone && !visible.containsKey(sector)) gone.add(sector);
            }
            gone.sort(null);
            for (Long sector : gone) put(sector, null, true);
            int kept = (int) (newLength % SECTOR);
            byte[] edge = kept == 0 ? null : visible.get(newLength / SECTOR);
            if (edge != null) {
                byte[] cut = new byte[SECTOR];
                System.arraycopy(edge, 0, cut, 0, kept);
                put(newLength / SECTOR, cut, true);
            }
        }
        if (newLength != length) setLength(newLength);
    }

    private void put(long sector, byte @Nullable [] bytes, boolean truncation) {
        if (bytes == null) visible.remove(sector);
        else visible.put(sector, bytes);
        dirty.computeIfAbsent(sector, _ -> new ArrayList<>()).add(new Version(sequence, bytes, truncation));
        sequence++;
    }

    private void setLength(long newLength) {
        length = newLength;
        lengths.add(new LengthChange(sequence++, newLength));
    }

    boolean isDirty() {
        return !dirty.isEmpty() || !lengths.isEmpty();
    }

    void sync() {
        for (Map.Entry<Long, List<Version>> entry : dirty.entrySet()) {
            store(durable, entry.getKey(), entry.getValue().getLast().bytes());
        }
        durableLength = length;
        dirty.clear();
        lengths.clear();
    }

    /** A sync that failed: part of the data arrived, and the rest will never be written though readers still see it. */
    void syncFailed(RandomGenerator random) {
        settle(random);
    }

    /** What a power loss leaves: for length and each sector one of the versions since the last sync, or the one before. */
    void powerLoss(RandomGenerator random) {
        settle(random);
        visible.clear();
        visible.putAll(durable);
        length = durableLength;
        // What lies past the chosen end does not come back when the file grows again.
        visible.keySet().removeIf(sector -> sector * SECTOR >= length);
        int kept = (int) (length % SECTOR);
        byte[] edge = kept == 0 ? null : visible.get(length / SECTOR);
        if (edge != null) visible.put(length / SECTOR, Arrays.copyOf(Arrays.copyOf(edge, kept), SECTOR));
        durable.clear();
        durable.putAll(visible);
    }

    private void settle(RandomGenerator random) {
        int applied = choose(random, lengths.size() + 1);
        long appliedUpTo = applied == 0 ? -1 : lengths.get(applied - 1).sequence();
        durableLength = applied == 0 ? durableLength : lengths.get(applied - 1).length();
        // Modes: nothing or everything of the data arrived, or each sector has a fate of its own.
        int mode = random.nextInt(4);
        for (Map.Entry<Long, List<Version>> entry : dirty.entrySet()) {
            List<Version> versions = entry.getValue();
            int from = -1; // -1 stands for the durable version
            int to = versions.size(); // exclusive
            for (int index = 0; index < versions.size(); index++) {
                Version version = versions.get(index);
                if (!version.truncation()) continue;
                if (version.sequence() <= appliedUpTo) {
                    from = index; // cut off with the length that was applied: what was before is gone
                } else {
                    to = index; // belongs to a cut that did not arrive, and so does all after it
                    break;
                }
            }
            int chosen = switch (mode) {
                case 0 -> from;
                case 1 -> to - 1;
                default -> from + choose(random, to - from);
            };
            if (chosen >= 0) store(durable, entry.getKey(), versions.get(chosen).bytes());
        }
        dirty.clear();
        lengths.clear();
    }

    /** One of [0, count), the ends more often than the middle. */
    private static int choose(RandomGenerator random, int count) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> count - 1;
            default -> random.nextInt(count);
        };
    }

    /** Turns one bit at rest. */
    void flip(long position, int bit) {
        for (Map<Long, byte[]> copy : List.of(visible, durable)) {
            byte[] before = copy.get(position / SECTOR);
            byte[] after = before == null ? new byte[SECTOR] : before.clone();
            after[(int) (position % SECTOR)] ^= (byte) (1 << bit);
            copy.put(position / SECTOR, after);
        }
    }

    private static void store(Map<Long, byte[]> target, Long sector, byte @Nullable [] bytes) {
        if (bytes == null) target.remove(sector);
        else target.put(sector, bytes);
    }
}
