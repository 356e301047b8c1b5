package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltOptions;
import io.binnacle.bolt.BoltSnapshot;
import io.binnacle.io.Disk;
import io.binnacle.io.SystemDisk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoltBackendModelTest {
    private static final int ENTRIES = Integer.getInteger("test.count", 700);

    private final Disk disk = new SystemDisk();
    private final ManualClock clock = new ManualClock();

    private final Path directory;

    BoltBackendModelTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private record Pair(BackendView real, BackendView model, long main) {}

    @Test
    void aRandomHistoryReadsLikeTheModelInEveryView() throws Exception {
        long seed = Stores.seed("aRandomHistoryReadsLikeTheModelInEveryView");
        Random random = new Random(seed);
        History history = new History(seed);
        BackendConfig config = BackendConfig.defaults(() -> {}, () -> {}, cause -> {})
                .withBytes(1 << 20, 4 << 10, 16 << 10)
                .withFile(0, random.nextBoolean())
                .withDefragmentPages(1 + random.nextInt(20));
        ModelBackend model = new ModelBackend(1 << 20);
        BoltBackend real = BoltBackend.open(disk, Stores.database(directory), config, clock, () -> {});
        Deque<Pair> views = new ArrayDeque<>();
        for (int entry = 0; entry < ENTRIES; entry++) {
            history.entry(real, model);
            clock.advanceMillis(random.nextInt(30));
            if (random.nextInt(5) == 0) views.add(new Pair(real.view(), model.view(), entry + 1));
            if (random.nextInt(6) == 0) real.committer().doWork();
            if (random.nextInt(300) == 0) real.defragment();
            if (views.size() > 5 || (!views.isEmpty() && random.nextInt(10) == 0)) {
                Pair oldest = views.remove();
                Stores.assertSameSamples(random, oldest.real(), oldest.model(), oldest.main());
                oldest.real().release();
            }
            if (random.nextInt(200) == 0) compareCheckpoint(real, model);
            if (random.nextInt(300) == 0) {
                real.committer().onClose();
                model.commit(Integer.MAX_VALUE);
                assertThat(real.uncommittedBytes()).isZero();
                views.forEach(view -> view.real().release());
                views.clear();
                real.close();
                checkFile();
                real = BoltBackend.open(disk, Stores.database(directory), config, clock, () -> {});
                assertThat(real.appliedIndex()).isLessThanOrEqualTo(history.index());
                real.entryApplied(history.index(), 1 + history.index() / 50);
                compareAll(real, model);
            }
        }
        compareAll(real, model);
        real.close();
    }

    private static void compareAll(BoltBackend real, ModelBackend model) {
        BackendView actual = real.view();
        Stores.assertSame(actual, model.view());
        actual.release();
    }

    private static void compareCheckpoint(BoltBackend real, ModelBackend model) throws Exception {
        try (Checkpoint expected = model.checkpoint(); Checkpoint actual = real.checkpoint()) {
            while (actual.state() == Checkpoint.State.WAITING) assertThat(real.committer().doWork()).isPositive();
            model.commit(Integer.MAX_VALUE);
            assertThat(actual.state()).isEqualTo(Checkpoint.State.READY);
            assertThat(actual.index()).isEqualTo(expected.index()).isEqualTo(real.consistentIndex());
            for (Bucket bucket : Bucket.values()) {
                assertThat(Stores.contents(actual, bucket)).as("%s", bucket).isEqualTo(Stores.contents(expected, bucket));
            }
            assertThat(hash(actual)).isEqualTo(hash(expected));
        }
    }

    private static int hash(Checkpoint checkpoint) {
        StoreHash hash = StoreHash.ofMember(checkpoint);
        boolean more = true;
        while (more) more = hash.step(97);
        return hash.value();
    }

    private void checkFile() {
        try (BoltFile file = BoltFile.open(disk, Stores.database(directory), BoltOptions.defaults().withReadOnly(true));
                BoltSnapshot snapshot = file.snapshot()) {
            assertThat(file.check(snapshot)).isEmpty();
            assertThat(snapshot.bucket(Bytes.utf8("key"))).isNotNull();
        }
    }
}
