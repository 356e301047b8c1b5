package io.binnacle.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.raftpb.ConfState;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.base.Bytes;
import io.binnacle.io.sim.DiskFault;
import io.binnacle.io.sim.DiskOperation;
import io.binnacle.io.sim.PowerLost;
import io.binnacle.io.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A history of appends with a crash or a fault at every write and sync of it: nothing acknowledged is ever lost. */
class WalCrashTest {

    private static final Path DIRECTORY = Path.of("/m/wal");
    private static final WalSnapshot START = new WalSnapshot(0, 0, null);
    private static final WalConfig SMALL = new WalConfig(16_384, 2_000);
    private static final Bytes METADATA = Bytes.utf8("whose log");

    private final long seed = Long.getLong("test.seed", System.nanoTime());
    private final int operations = Integer.getInteger("test.count", 250);

    /** What was handed to the log, and how much of it was acknowledged. */
    private static final class History {
        /** The log as it should be after each flush, uncommitted tails replaced. */
        private final List<Entry> submitted = new ArrayList<>();
        private int acked;
        private long ackedTerm;
        private long term = 1;

        /** Appends a batch and flushes; acknowledged only if that returns. */
        void step(Wal wal, Random random) throws IOException {
            if (random.nextInt(20) == 0) term++;
            int count = random.nextInt(5);
            List<Entry> batch = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                byte[] data = new byte[random.nextInt(random.nextInt(30) == 0 ? 6_000 : 300)];
                random.nextBytes(data);
                if (random.nextInt(4) == 0) Arrays.fill(data, (byte) 0);
                batch.add(new Entry(0, false, term, submitted.size() + 1, Bytes.of(data)));
                submitted.add(batch.getLast());
            }
            wal.append(new HardState(term, 7, acked), batch);
            wal.flush();
            acked = submitted.size();
            ackedTerm = term;
        }

        /** The log is a prefix of what was submitted and holds what was acknowledged. */
        void check(WalContents contents, String context) {
            List<Entry> found = contents.entries();
            assertThat(found.size()).as("%s: acknowledged %d", context, acked).isBetween(acked, submitted.size());
            assertThat(found).as(context).isEqualTo(submitted.subList(0, found.size()));
            HardState state = contents.state();
            if (ackedTerm > 0) assertThat(state == null ? 0 : state.term()).as(context).isGreaterThanOrEqualTo(ackedTerm);
        }

        History copy() {
            History copy = new History();
            copy.submitted.addAll(submitted);
            copy.acked = acked;
            copy.ackedTerm = ackedTerm;
            copy.term = term;
            return copy;
        }

        /** What is in the log now is what there is: the rest was never acknowledged. */
        void adopt(WalContents contents) {
            submitted.subList(contents.entries().size(), submitted.size()).clear();
        }
    }

    private static SimDisk disk(Random random) throws IOException {
        SimDisk disk = new SimDisk(random);
        disk.createDirectories(Path.of("/m"));
        disk.syncDirectory(Path.of("/"));
        return disk;
    }

    @Test
    void everyAcknowledgedEntrySurvivesAPowerLossAtEveryOperation() throws IOException {
        System.out.println("WalCrashTest power loss -Dtest.seed=" + seed);
        Random random = new Random(seed);
        SimDisk disk = disk(random);
        History history = new History();
        List<SimDisk> forks = new ArrayList<>();
        boolean[] busy = {false};
        disk.faults(operation -> {
            if (!operation.kind().mutates() || busy[0]) return null;
            busy[0] = true;
            forks.add(disk.fork(new Random(random.nextLong())));
            busy[0] = false;
            return null;
        });
        int crashes = 0;
        try (Wal wal = Wal.create(disk, DIRECTORY, METADATA, SMALL)) {
            forks.clear();
            for (int step = 0; step < operations; step++) {
                History before = history.copy();
                if (random.nextInt(2) == 0) wal.pipeline().doWork();
                history.step(wal, random);
                History after = history.copy();
                after.acked = before.acked; // what the forks saw was submitted, but not acknowledged yet
                after.ackedTerm = before.ackedTerm;
                for (SimDisk fork : forks) {
                    crashes++;
                    recover(fork, after.copy(), random, "seed " + seed + " step " + step + " crash " + crashes);
                }
                forks.clear();
            }
        }
        System.out.println("WalCrashTest " + crashes + " crash points");
        assertThat(crashes).isGreaterThan(operations);
    }

    /** Loses power, perhaps loses it again while recovering, then goes on and loses it once more. */
    private static void recover(SimDisk disk, History history, Random random, String context) throws IOException {
        disk.powerLoss(random);
        if (random.nextInt(2) == 0) {
            long at = disk.operations() + 1 + random.nextInt(12);
            disk.faults(operation -> operation.number() >= at ? new DiskFault.PowerLoss() : null);
            try (Wal wal = Wal.open(disk, DIRECTORY, START, SMALL)) {
                history.check(wal.contents(), context + " during recovery");
            } catch (PowerLost expected) {
                // the point of the exercise
            }
            disk.faults(_ -> null);
            disk.powerLoss(random);
        }
        try (Wal wal = Wal.open(disk, DIRECTORY, START, SMALL)) {
            history.check(wal.contents(), context);
            history.adopt(wal.contents());
            if (random.nextInt(3) > 0) return;
            history.step(wal, random);
        }
        disk.powerLoss(random);
        try (Wal wal = Wal.open(disk, DIRECTORY, START, SMALL)) {
            history.check(wal.contents(), context + " after going on");
        }
    }

    @Test
    void aFailedWriteOrSyncLeavesALogThatOpensWithAllThatWasAcknowledged() throws IOException {
        System.out.println("WalCrashTest faults -Dtest.seed=" + seed);
        for (int round = 0; round < operations / 4; round++) {
            Random random = new Random(seed + round);
            SimDisk disk = disk(random);
            History history = new History();
            String context = "seed " + seed + " round " + round;
            Wal wal = Wal.create(disk, DIRECTORY, METADATA, SMALL);
            long at = disk.operations() + 1 + random.nextInt(120);
            DiskFault fault = switch (random.nextInt(3)) {
                case 0 -> new DiskFault.IoError();
                case 1 -> new DiskFault.NoSpace();
                default -> new DiskFault.ShortWrite(random.nextInt(700));
            };
            disk.faults(operation -> operation.number() == at ? fault : null);
            try {
                for (int step = 0; step < 100; step++) {
                    if (random.nextInt(2) == 0) wal.pipeline().doWork();
                    history.step(wal, random);
                }
                wal.close();
            } catch (IOException failed) {
                assertThat(failed).as(context).hasMessageContaining("/m/wal");
            }
            disk.faults(_ -> null);
            if (random.nextInt(2) == 0) disk.processCrash();
            recover(disk, history, random, context);
        }
    }

    @Test
    void aFlippedBitIsReportedByNameAndNeverTakenForAnEnd() throws IOException {
        System.out.println("WalCrashTest bit flips -Dtest.seed=" + seed);
        Random random = new Random(seed);
        SimDisk disk = disk(random);
        History history = new History();
        try (Wal wal = Wal.create(disk, DIRECTORY, METADATA, SMALL)) {
            for (int step = 0; step < 60; step++) {
                wal.pipeline().doWork();
                history.step(wal, random);
            }
        }
        int silent = 0;
        for (int round = 0; round < operations; round++) {
            SimDisk damaged = disk.fork(new Random(round));
            List<String> segments = damaged.list(DIRECTORY);
            Path path = DIRECTORY.resolve(segments.get(random.nextInt(segments.size() - 1))); // all but the last are full
            damaged.flipBit(path, random.nextLong(damaged.size(path)), random.nextInt(8));
            try (Wal wal = Wal.open(damaged, DIRECTORY, START, SMALL)) {
                if (!wal.contents().entries().equals(history.submitted)) silent++;
            } catch (WalException reported) {
                assertThat(reported).hasMessageContaining(".wal");
            }
        }
        assertThat(silent).as("seed %d", seed).isZero();
    }

    @Test
    void goesOnInItsSegmentWhileTheDiskHasNoSpaceForTheNext() throws IOException {
        SimDisk disk = disk(new Random(2));
        List<String> said = new ArrayList<>();
        try (Wal wal = Wal.create(disk, DIRECTORY, METADATA, SMALL)) {
            wal.pipeline().troubleTo(why -> said.add(String.valueOf(why.getMessage())));
            disk.faults(operation -> operation.kind() == DiskOperation.Kind.ALLOCATE ? new DiskFault.NoSpace() : null);
            long index = 0;
            for (long bytes = 0; bytes < SMALL.segmentBytes() * 3 / 2; bytes += 300) {
                wal.pipeline().doWork();
                Entry entry = new Entry(0, false, 1, ++index, Bytes.of(new byte[300]));
                wal.append(new HardState(1, 1, index - 1), List.of(entry));
                wal.flush();
            }
            assertThat(said).isNotEmpty().allMatch(line -> line.contains(".tmp"));
            assertThat(disk.list(DIRECTORY)).filteredOn(name -> name.endsWith(".wal")).hasSize(1);

            disk.faults(operation -> null);
            for (int turn = 0; turn < 2; turn++) { // the first asks for a segment, the second gets it
                wal.append(null, List.of(new Entry(0, false, 1, ++index, Bytes.of(new byte[300]))));
                wal.flush();
                wal.pipeline().doWork();
            }
            assertThat(disk.list(DIRECTORY)).filteredOn(name -> name.endsWith(".wal")).hasSize(2);
            assertThat(wal.read(1, index + 1, Long.MAX_VALUE)).hasSize((int) index);
        }
    }

    @Test
    void replacesTailsReadsBackReleasesAndPurges() throws IOException {
        SimDisk disk = disk(new Random(1));
        try (Wal wal = Wal.create(disk, DIRECTORY, METADATA, SMALL)) {
            List<Entry> expected = new ArrayList<>();
            for (long index = 1; index <= 400; index++) {
                wal.pipeline().doWork();
                Entry entry = new Entry(0, false, 1, index, Bytes.of(new byte[300]));
                wal.append(new HardState(1, 1, index - 1), List.of(entry));
                wal.flush();
                expected.add(entry);
            }
            Entry replacing = new Entry(0, false, 2, 398, Bytes.utf8("new"));
            wal.append(new HardState(2, 0, 397), List.of(replacing));
            wal.flush();
            expected.subList(397, 400).clear();
            expected.add(replacing);

            assertThat(wal.read(1, 1000, Long.MAX_VALUE)).isEqualTo(expected);
            assertThat(wal.read(10, 20, 700)).isEqualTo(expected.subList(9, 11));
            assertThat(wal.read(399, 400, 1)).isEmpty();

            int before = disk.list(DIRECTORY).size();
            assertThat(Wal.purge(disk, DIRECTORY, 1)).isEmpty();
            ConfState members = new ConfState(List.of(1L), List.of(), List.of(), List.of(), false, true);
            wal.snapshot(new WalSnapshot(390, 1, members));
            wal.release(390);
            assertThat(Wal.purge(disk, DIRECTORY, 1)).isNotEmpty();
            assertThat(disk.list(DIRECTORY).size()).isLessThan(before);
            assertThat(wal.read(1, 10, 100)).isEmpty();
            assertThat(wal.read(390, 399, Long.MAX_VALUE)).isEqualTo(expected.subList(389, 398));
            assertThat(WalReading.validSnapshots(disk, DIRECTORY)).containsExactly(new WalSnapshot(390, 1, members));
            assertThat(WalReading.readOnly(disk, DIRECTORY, new WalSnapshot(390, 1, members)).entries())
                    .isEqualTo(expected.subList(390, 398));
        }
    }

    @Test
    void aLonePutCostsOneWriteAndOneSyncAndAMovedCommitNone() throws IOException {
        SimDisk disk = disk(new Random(1));
        try (Wal wal = Wal.create(disk, DIRECTORY, METADATA, WalConfig.DEFAULT)) {
            wal.append(new HardState(1, 1, 0), List.of(new Entry(0, false, 1, 1, Bytes.EMPTY)));
            wal.flush();
            long before = disk.operations();
            wal.append(null, List.of(new Entry(0, false, 1, 2, Bytes.EMPTY)));
            wal.flush();
            assertThat(disk.operations() - before).isEqualTo(2);
            wal.append(new HardState(1, 1, 2), List.of());
            assertThat(wal.mustSync()).isFalse();
            wal.flush();
            assertThat(disk.operations() - before).isEqualTo(3);
        }
    }
}
