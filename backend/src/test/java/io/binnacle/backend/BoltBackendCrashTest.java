package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltException;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltOptions;
import io.binnacle.bolt.BoltSnapshot;
import io.binnacle.io.sim.DiskFault;
import io.binnacle.io.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stops the disk at every write, sync and change of length in turn, and opens what is left. */
class BoltBackendCrashTest {
    private static final int ENTRIES = 45;
    private static final int HISTORIES = Integer.getInteger("test.count", 1);
    private static final Path DIRECTORY = Path.of("/data");
    private static final Path DATABASE = DIRECTORY.resolve("db");

    private final List<Throwable> fatal = new ArrayList<>();
    private final ManualClock clock = new ManualClock();

    /** One life of a store up to its end or the fault. */
    private final class Life {
        final SimDisk disk;
        final Random random;
        final ModelBackend model = new ModelBackend();
        final List<BackendView> states = new ArrayList<>();
        long durableIndex;
        long mutations;
        boolean stopped;

        Life(long seed) throws Exception {
            random = new Random(seed);
            disk = new SimDisk(new Random(seed));
            disk.createDirectories(DIRECTORY);
            disk.syncDirectory(Path.of("/"));
        }

        /** Runs the history of a seed; the fault befalls the mutation of that number. */
        void run(long seed, long faultAt, DiskFault fault) throws Exception {
            disk.faults(operation -> operation.kind().mutates() && ++mutations == faultAt ? fault : null);
            states.add(model.view());
            try (BoltBackend real = BoltBackend.open(disk, DATABASE, config(), clock, () -> {})) {
                History history = new History(seed);
                for (int entry = 0; entry < ENTRIES; entry++) {
                    history.entry(real, model);
                    states.add(model.view());
                    if (random.nextInt(4) == 0) {
                        clock.advanceMillis(100);
                        real.committer().doWork();
                    }
                    if (random.nextInt(20) == 0) real.defragment();
                    if (random.nextInt(15) == 0) settle(real, real.checkpoint());
                    durableIndex = real.consistentIndex();
                }
                real.committer().onClose();
                durableIndex = real.consistentIndex();
            } catch (BoltException | IOException e) {
                stopped = true;
            }
            disk.faults(_ -> null);
        }

        private void settle(BoltBackend real, Checkpoint checkpoint) throws Exception {
            while (checkpoint.state() == Checkpoint.State.WAITING) real.committer().doWork();
            assertThat(Stores.contents(checkpoint, Bucket.KEY))
                    .isEqualTo(Stores.contents(states.getLast(), Bucket.KEY, Bytes.EMPTY, null));
            checkpoint.close();
        }

        /** What is left opens, is sound, and is exactly the state of the entry it names. */
        void assertWhatIsLeft(String story) throws Exception {
            try (BoltBackend left = BoltBackend.open(disk, DATABASE, config(), clock, () -> {})) {
                assertThat(left.consistentIndex()).as(story).isBetween(durableIndex, (long) states.size() - 1);
                BackendView view = left.view();
                Stores.assertSame(view, states.get((int) left.consistentIndex()));
                view.release();
            }
            BoltOptions readOnly = BoltOptions.defaults().withReadOnly(true);
            try (BoltFile file = BoltFile.open(disk, DATABASE, readOnly); BoltSnapshot snapshot = file.snapshot()) {
                assertThat(file.check(snapshot)).as(story).isEmpty();
            }
        }
    }

    private BackendConfig config() {
        return BackendConfig.defaults(() -> {}, () -> {}, fatal::add)
                .withBytes(1 << 20, 2 << 10, 4 << 10)
                .withFile(0, false)
                .withDefragmentPages(4);
    }

    @Test
    void aPowerLossAtAnyStepLeavesExactlyTheStateOfOneEntry() throws Exception {
        long seed = Stores.seed("aPowerLossAtAnyStepLeavesExactlyTheStateOfOneEntry");
        sweep(seed, new DiskFault.PowerLoss(), true);
    }

    @Test
    void anErrorAtAnyStepEndsTheBackendOnceAndLosesNothingDurable() throws Exception {
        long seed = Stores.seed("anErrorAtAnyStepEndsTheBackendOnceAndLosesNothingDurable");
        sweep(seed, new DiskFault.IoError(), true);
    }

    @Test
    void aFullDiskAtAnyStepEndsTheBackendOnceAndLosesNothing() throws Exception {
        long seed = Stores.seed("aFullDiskAtAnyStepEndsTheBackendOnceAndLosesNothing");
        sweep(seed, new DiskFault.ShortWrite(700), false);
    }

    private void sweep(long firstSeed, DiskFault fault, boolean powerLoss) throws Exception {
        for (long seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
            long mutations = untouched(seed);
            for (long at = 1; at <= mutations; at++) {
                fatal.clear();
                Life life = new Life(seed);
                life.run(seed, at, fault);
                assertThat(fatal).hasSizeLessThanOrEqualTo(1);
                if (powerLoss) life.disk.powerLoss(new Random(seed * 31 + at));
                else life.disk.processCrash();
                life.assertWhatIsLeft("seed " + seed + ", fault at mutation " + at);
            }
        }
    }

    private long untouched(long seed) throws Exception {
        Life life = new Life(seed);
        life.run(seed, Long.MAX_VALUE, new DiskFault.IoError());
        assertThat(life.stopped).isFalse();
        life.disk.processCrash();
        life.assertWhatIsLeft("seed " + seed + ", no fault");
        return life.mutations;
    }
}
