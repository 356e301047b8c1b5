package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Power loss at every write and sync of a history: of what was written since the last sync, any sectors may have
 * reached the disk, in any order, torn or not at all.
 */
final class CrashTest {

    private static final Path DB = Path.of("/crash/db");
    private static final int SECTOR_BYTES = 512;

    private final MemoryDisk disk = new MemoryDisk();
    /** What each transaction left. */
    private final Map<Long, TreeMap<Bytes, TreeMap<Bytes, Bytes>>> states = new TreeMap<>();
    /** For each act, the transaction that was durable for certain once it was done. */
    private final List<Long> durable = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"1024,false", "1024,true", "4096,false"})
    void afterPowerLossTheLastSyncedStateOrTheNextOneIsThere(int pageSize, boolean freelistSync) {
        long seed = Seeds.seed("CrashTest " + pageSize + " " + freelistSync);
        SplittableRandom random = Seeds.random(seed);
        BoltOptions options = BoltOptions.defaults().withPageSize(pageSize).withFreelistSync(freelistSync);
        byte[] start = history(options, random);
        int images = 0;
        int tries = Seeds.count(300) / 100;
        byte[] synced = start;
        int firstUnsynced = 0;
        long certain = 1;
        for (int done = 0; done <= disk.acts.size(); done++) {
            for (int each = 0; each < tries; each++) {
                byte[] image = synced;
                for (int act = firstUnsynced; act < done; act++) image = maybe(image, disk.acts.get(act), random);
                verify(image, options, certain, "seed " + seed + " act " + done);
                images++;
            }
            if (done == disk.acts.size()) break;
            certain = durable.get(done);
            if (disk.acts.get(done) instanceof MemoryDisk.Act.Sync) {
                for (int act = firstUnsynced; act < done; act++) synced = apply(synced, disk.acts.get(act));
                firstUnsynced = done + 1;
            }
        }
        System.out.println("crash images verified: " + images);
    }

    private byte[] history(BoltOptions options, SplittableRandom random) {
        BoltFile file = BoltFile.open(disk, DB, options);
        byte[] start = Objects.requireNonNull(disk.files.get(DB)).snapshot();
        disk.recording = true;
        TreeMap<Bytes, TreeMap<Bytes, Bytes>> state = new TreeMap<>();
        states.put(1L, state);
        BoltSnapshot pinned = file.snapshot();
        for (int each = 0; each < 60; each++) {
            TreeMap<Bytes, TreeMap<Bytes, Bytes>> next = ModelTest.copy(state);
            BoltWriter writer = file.begin();
            if (random.nextInt(3) == 0) writer.relocate(6);
            change(writer, next, random, each > 30);
            writer.commit();
            states.put(file.txid(), next);
            state = next;
            mark(file.txid());
            if (random.nextInt(4) == 0) {
                pinned.close();
                pinned = file.snapshot();
            }
            if (random.nextInt(4) == 0) file.shrink();
            mark(file.txid());
        }
        pinned.close();
        return start;
    }

    @SuppressWarnings("NonApiType") // the model is sorted maps throughout
    private static void change(BoltWriter writer, Map<Bytes, TreeMap<Bytes, Bytes>> next, SplittableRandom random, boolean shrinking) {
        Bytes name = Bytes.utf8("bucket" + random.nextInt(2));
        writer.createBucket(name);
        TreeMap<Bytes, Bytes> bucket = next.computeIfAbsent(name, absent -> new TreeMap<>());
        for (int each = random.nextInt(30); each >= 0; each--) {
            Bytes key = Bytes.utf8("k" + random.nextInt(120));
            if (random.nextInt(10) < (shrinking ? 8 : 3)) {
                writer.delete(name, key);
                bucket.remove(key);
                continue;
            }
            byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 5000 : 150)];
            random.nextBytes(value);
            writer.put(name, key, Bytes.of(value));
            bucket.put(key, Bytes.of(value));
        }
    }

    /** Of the acts recorded since the last mark, only the last, the sync of the meta page, made this transaction certain. */
    private void mark(long txid) {
        while (durable.size() < disk.acts.size()) {
            boolean last = durable.size() == disk.acts.size() - 1;
            durable.add(last ? txid : Math.max(txid - 1, durable.isEmpty() ? 1 : durable.getLast()));
        }
    }

    private static byte[] apply(byte[] image, MemoryDisk.Act act) {
        return switch (act) {
            case MemoryDisk.Act.Sync() -> image;
            case MemoryDisk.Act.Truncate(long length) -> Arrays.copyOf(image, (int) length);
            case MemoryDisk.Act.Write(long position, Bytes bytes) -> {
                byte[] next = Arrays.copyOf(image, (int) Math.max(image.length, position + bytes.length()));
                bytes.copyTo(next, (int) position);
                yield next;
            }
        };
    }

    /** An act that was not synced: none of it, all of it, some sectors of it, or a torn beginning. */
    private static byte[] maybe(byte[] image, MemoryDisk.Act act, SplittableRandom random) {
        int fate = random.nextInt(4);
        if (fate == 0) return image;
        if (fate == 1 || !(act instanceof MemoryDisk.Act.Write(long position, Bytes bytes))) return apply(image, act);
        byte[] next = Arrays.copyOf(image, (int) Math.max(image.length, position + bytes.length()));
        if (fate == 2) {
            System.arraycopy(bytes.array(), bytes.offset(), next, (int) position, random.nextInt(bytes.length() + 1));
            return next;
        }
        for (int at = 0; at < bytes.length(); at += SECTOR_BYTES) {
            if (random.nextBoolean()) continue;
            System.arraycopy(bytes.array(), bytes.offset() + at, next, (int) position + at, Math.min(SECTOR_BYTES, bytes.length() - at));
        }
        return next;
    }

    private void verify(byte[] image, BoltOptions options, long certain, String where) {
        MemoryDisk after = MemoryDisk.holding(DB, image);
        try (BoltFile file = BoltFile.open(after, DB, options.withReadOnly(true)); BoltSnapshot snapshot = file.snapshot()) {
            assertThat(snapshot.txid()).as(where).isBetween(certain, certain + 1);
            assertThat(file.check(snapshot)).as(where).isEmpty();
            TreeMap<Bytes, TreeMap<Bytes, Bytes>> expected = Objects.requireNonNull(states.get(snapshot.txid()));
            TreeMap<Bytes, TreeMap<Bytes, Bytes>> found = new TreeMap<>();
            for (Bytes name : snapshot.bucketNames()) {
                TreeMap<Bytes, Bytes> pairs = new TreeMap<>();
                BoltCursor cursor = Objects.requireNonNull(snapshot.bucket(name)).cursor();
                for (boolean more = cursor.first(); more; more = cursor.next()) pairs.put(cursor.key(), cursor.value());
                found.put(name, pairs);
            }
            assertThat(found.equals(expected)).as(where + " content of " + snapshot.txid()).isTrue();
        }
        if (image.length > 0 && (where.hashCode() & 7) == 0) goesOn(after, options);
    }

    /** What was opened after the loss also takes a new transaction. */
    private static void goesOn(MemoryDisk after, BoltOptions options) {
        try (BoltFile file = BoltFile.open(after, DB, options)) {
            BoltWriter writer = file.begin();
            writer.createBucket(Bytes.utf8("after"));
            writer.put(Bytes.utf8("after"), Bytes.utf8("k"), Bytes.utf8("v"));
            writer.commit();
            try (BoltSnapshot snapshot = file.snapshot()) {
                assertThat(file.check(snapshot)).isEmpty();
                assertThat(file.checkFreelist()).isEmpty();
            }
        }
    }
}
