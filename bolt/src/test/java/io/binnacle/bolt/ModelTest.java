package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file beside sorted maps, with snapshots held open at random, reopening, relocation and shrinking. */
@SuppressWarnings("NonApiType") // the model is sorted maps throughout
final class ModelTest {

    private static final Path DB = Path.of("/model/db");

    /** What a snapshot must show as long as it is pinned. */
    private record Held(BoltSnapshot snapshot, TreeMap<Bytes, TreeMap<Bytes, Bytes>> state) {}

    private final MemoryDisk disk = new MemoryDisk();
    private TreeMap<Bytes, TreeMap<Bytes, Bytes>> committed = new TreeMap<>();
    private final List<Held> held = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"1024,false", "1024,true", "4096,false", "4096,true"})
    void everySnapshotShowsTheStateItWasTakenAtAndNothingLeaks(int pageSize, boolean freelistSync) {
        long seed = Seeds.seed("ModelTest " + pageSize + " " + freelistSync);
        SplittableRandom random = Seeds.random(seed);
        BoltOptions options = BoltOptions.defaults().withPageSize(pageSize).withFreelistSync(freelistSync);
        BoltFile file = BoltFile.open(disk, DB, options);
        int rounds = Seeds.count(300);
        for (int round = 0; round < rounds; round++) {
            transaction(file, random);
            assertThat(file.checkFreelist()).as("seed " + seed + " round " + round).isEmpty();
            readers(file, random, seed);
            if (random.nextInt(8) == 0) file.shrink();
            if (random.nextInt(25) == 0) {
                release(held.size());
                file.close();
                BoltOptions next = random.nextInt(4) == 0 ? options.withFreelistSync(!freelistSync) : options;
                file = BoltFile.open(disk, DB, next);
                assertThat(file.checkFreelist()).isEmpty();
            }
        }
        release(held.size());
        file.close();
    }

    private void transaction(BoltFile file, SplittableRandom random) {
        TreeMap<Bytes, TreeMap<Bytes, Bytes>> next = copy(committed);
        BoltWriter writer = file.begin();
        if (random.nextInt(3) == 0) writer.relocate(1 + random.nextInt(8));
        int operations = random.nextInt(random.nextInt(5) == 0 ? 300 : 20);
        for (int each = 0; each < operations; each++) operation(writer, next, random);
        if (random.nextInt(6) == 0) {
            writer.rollback();
            return;
        }
        writer.commit();
        committed = next;
    }

    private static void operation(BoltWriter writer, TreeMap<Bytes, TreeMap<Bytes, Bytes>> next, SplittableRandom random) {
        Bytes name = Bytes.utf8("bucket" + random.nextInt(4));
        if (random.nextInt(60) == 0) {
            writer.deleteBucket(name);
            next.remove(name);
            return;
        }
        if (!next.containsKey(name)) {
            writer.createBucket(name);
            next.put(name, new TreeMap<>());
        }
        TreeMap<Bytes, Bytes> bucket = Objects.requireNonNull(next.get(name));
        Bytes key = Bytes.utf8("k" + random.nextInt(400));
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4, 5 -> {
                Bytes value = Bytes.of(bytes(random, random.nextInt(40) == 0 ? 9000 : 120));
                writer.put(name, key, value);
                bucket.put(key, value);
            }
            case 6, 7, 8 -> assertThat(writer.delete(name, key)).isEqualTo(bucket.remove(key) != null);
            case 9 -> {
                Map<Bytes, Bytes> range = bucket.tailMap(key, true);
                List<Bytes> doomed = range.keySet().stream().limit(random.nextInt(60)).toList();
                for (Bytes each : doomed) {
                    assertThat(writer.delete(name, each)).isTrue();
                    bucket.remove(each);
                }
            }
            case 10 -> writer.fillPercent(name, 0.1 + random.nextDouble() * 0.9);
            default -> assertThat(writer.get(name, key)).isEqualTo(bucket.get(key));
        }
    }

    private void readers(BoltFile file, SplittableRandom random, long seed) {
        BoltSnapshot now = file.snapshot();
        held.add(new Held(now, copy(committed)));
        assertThat(file.check(now)).as("seed " + seed).isEmpty();
        while (held.size() > 6 || (!held.isEmpty() && random.nextInt(2) == 0)) release(random.nextInt(held.size()) + 1);
        for (Held each : held) verify(each, random);
    }

    /** Ends some of the held snapshots, each after a last look. */
    private void release(int count) {
        for (int each = 0; each < count; each++) {
            Held one = held.remove(held.size() / 2);
            verify(one, Seeds.random(1));
            one.snapshot().close();
        }
    }

    private static void verify(Held one, SplittableRandom random) {
        assertThat(one.snapshot().bucketNames()).containsExactlyElementsOf(one.state().keySet());
        one.state().forEach((name, pairs) -> {
            BoltBucket bucket = Objects.requireNonNull(one.snapshot().bucket(name));
            BoltCursor cursor = bucket.cursor();
            boolean more = cursor.first();
            for (Map.Entry<Bytes, Bytes> pair : pairs.entrySet()) {
                assertThat(more).isTrue();
                if (!cursor.key().equals(pair.getKey()) || !cursor.value().equals(pair.getValue())) {
                    assertThat(cursor.key()).isEqualTo(pair.getKey());
                    assertThat(cursor.value()).isEqualTo(pair.getValue());
                }
                more = cursor.next();
            }
            assertThat(more).isFalse();
            more = cursor.last();
            for (Bytes key : pairs.descendingKeySet()) {
                if (!more || !cursor.key().equals(key)) assertThat(cursor.key()).isEqualTo(key);
                more = cursor.prev();
            }
            assertThat(more).isFalse();
            for (int each = 0; each < 5; each++) {
                Bytes key = Bytes.utf8("k" + random.nextInt(500));
                assertThat(bucket.get(key)).isEqualTo(pairs.get(key));
                Bytes ceiling = pairs.ceilingKey(key);
                assertThat(cursor.seek(key)).isEqualTo(ceiling != null);
                if (ceiling != null) assertThat(cursor.key()).isEqualTo(ceiling);
            }
        });
    }

    static TreeMap<Bytes, TreeMap<Bytes, Bytes>> copy(TreeMap<Bytes, TreeMap<Bytes, Bytes>> state) {
        TreeMap<Bytes, TreeMap<Bytes, Bytes>> copy = new TreeMap<>();
        state.forEach((name, pairs) -> copy.put(name, new TreeMap<>(pairs)));
        return copy;
    }

    private static byte[] bytes(SplittableRandom random, int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }
}
