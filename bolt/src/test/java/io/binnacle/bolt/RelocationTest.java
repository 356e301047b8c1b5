package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Online defragmentation: live pages move down in ordinary transactions, then the file is cut. */
@SuppressWarnings("NonApiType") // the model is a sorted map throughout
final class RelocationTest {

    private static final Path DB = Path.of("/relocation/db");
    private static final Bytes KEYS = Bytes.utf8("key");

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 1000})
    void aFileThatLostMostOfItsKeysShrinksToWhatIsLeft(int pagesPerStep) throws IOException {
        long seed = Seeds.seed("RelocationTest");
        SplittableRandom random = Seeds.random(seed);
        MemoryDisk disk = new MemoryDisk();
        BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults());
        TreeMap<Bytes, Bytes> model = sparse(file, random);
        long before = file.fileBytes();
        long live = file.sizeInUseBytes();

        int steps = 0;
        RelocateResult result;
        do {
            BoltWriter writer = file.begin();
            result = writer.relocate(pagesPerStep);
            writer.commit();
            file.shrink();
            assertThat(disk.bytes(DB)).hasSize((int) file.fileBytes());
            if (steps % 50 == 0) sound(file, model);
            assertThat(steps++).as("seed " + seed).isLessThan(5000);
        } while (!result.finished());
        file.begin().commit();
        file.shrink();

        sound(file, model);
        System.out.println("relocation by " + pagesPerStep + ": " + before + " to " + file.fileBytes() + " bytes, live " + live + ", " + steps + " steps");
        assertThat(file.fileBytes()).isLessThan(live + live / 5 + 16 * 4096);
        try (BoltFile again = BoltFile.open(disk, DB, BoltOptions.defaults())) {
            sound(again, model);
        }
    }

    @Test
    void theFileIsNotCutWhileASnapshotReachesPastTheNewEnd() {
        MemoryDisk disk = new MemoryDisk();
        BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults());
        SplittableRandom random = Seeds.random(5);
        TreeMap<Bytes, Bytes> model = sparse(file, random);
        BoltSnapshot pinned = file.snapshot();
        byte[] image = GoldenFilesTest.image(pinned, 1 << 16);
        for (int step = 0; step < 60; step++) {
            BoltWriter writer = file.begin();
            writer.relocate(50);
            writer.commit();
            file.shrink();
        }
        assertThat(file.fileBytes()).isGreaterThanOrEqualTo(pinned.lengthBytes());
        assertThat(GoldenFilesTest.image(pinned, 1 << 16)).hasSize(image.length);
        assertThat(file.check(pinned)).isEmpty();
        long end = pinned.lengthBytes();
        pinned.close();
        for (int step = 0; step < 60; step++) {
            BoltWriter writer = file.begin();
            writer.relocate(50);
            writer.commit();
            file.shrink();
        }
        assertThat(file.fileBytes()).isLessThan(end / 2);
        sound(file, model);
    }

    /** Ten thousand keys in order, most of them deleted again, but few near the end of the file. */
    private static TreeMap<Bytes, Bytes> sparse(BoltFile file, SplittableRandom random) {
        TreeMap<Bytes, Bytes> model = new TreeMap<>();
        for (int round = 0; round < 20; round++) {
            BoltWriter writer = file.begin();
            writer.createBucket(KEYS);
            writer.createBucket(Bytes.utf8("meta"));
            writer.put(Bytes.utf8("meta"), Bytes.utf8("round"), Bytes.of(new byte[] {(byte) round}));
            for (int each = 0; each < 500; each++) {
                Bytes key = Bytes.utf8("%06d".formatted(round * 500 + each));
                byte[] value = new byte[random.nextInt(100) == 0 ? 6000 : 200];
                random.nextBytes(value);
                writer.put(KEYS, key, Bytes.of(value));
                model.put(key, Bytes.of(value));
            }
            writer.commit();
        }
        for (int round = 0; round < 20; round++) {
            BoltWriter writer = file.begin();
            for (int each = 0; each < 500; each++) {
                Bytes key = Bytes.utf8("%06d".formatted(round * 500 + each));
                if (round >= 16 || random.nextInt(40) == 0) continue;
                writer.delete(KEYS, key);
                model.remove(key);
            }
            writer.commit();
        }
        file.begin().commit();
        return model;
    }

    private static void sound(BoltFile file, TreeMap<Bytes, Bytes> model) {
        assertThat(file.checkFreelist()).isEmpty();
        try (BoltSnapshot snapshot = file.snapshot()) {
            assertThat(file.check(snapshot)).isEmpty();
            TreeMap<Bytes, Bytes> found = new TreeMap<>();
            BoltCursor cursor = Objects.requireNonNull(snapshot.bucket(KEYS)).cursor();
            for (boolean more = cursor.first(); more; more = cursor.next()) found.put(cursor.key(), cursor.value());
            assertThat(found.equals(model)).isTrue();
        }
    }
}
