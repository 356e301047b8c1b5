package io.binnacle.io.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.PageSource;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimDiskTest {

    private final Path directory = Path.of("/d");
    private final Path path = directory.resolve("f");

    private SimDisk disk(long seed) throws IOException {
        SimDisk disk = new SimDisk(new Random(seed));
        disk.createDirectories(directory);
        disk.syncDirectory(Path.of("/"));
        return disk;
    }

    private static byte[] content(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(0, ByteBuffer.wrap(bytes));
            return bytes;
        }
    }

    @Test
    void syncedBytesAndNamesSurviveEveryPowerLoss() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = disk(seed);
            try (DiskFile file = disk.open(path, Disk.Open.CREATE_NEW)) {
                byte[] bytes = new byte[3000];
                Arrays.fill(bytes, (byte) 7);
                file.write(0, ByteBuffer.wrap(bytes));
                file.datasync();
                disk.syncDirectory(directory);
                file.write(1024, ByteBuffer.wrap(new byte[] {9}));
                disk.powerLoss(new Random(seed));

                byte[] left = content(disk, path);
                left[1024] = 7; // the only one that was not synced
                assertThat(left).as("seed %d", seed).isEqualTo(bytes);
                assertThatThrownBy(file::size).isInstanceOf(PowerLost.class);
            }
        }
    }

    @Test
    void unsyncedSectorsSurviveInAnyCombination() throws IOException {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 600; seed++) {
            SimDisk disk = disk(seed);
            DiskFile file = disk.open(path, Disk.Open.CREATE_NEW);
            file.truncate(1024);
            file.sync();
            disk.syncDirectory(directory);
            for (int value = 1; value <= 2; value++) {
                byte[] bytes = new byte[1024];
                Arrays.fill(bytes, (byte) value);
                file.write(0, ByteBuffer.wrap(bytes));
            }
            disk.powerLoss(new Random(seed));

            byte[] left = content(disk, path);
            assertThat(left).hasSize(1024);
            seen.add(left[0] + "" + left[512]);
        }
        assertThat(seen).hasSize(9); // two sectors, three versions each
    }

    @Test
    void unsyncedNamesMayVanishAndRenamesNeverTear() throws IOException {
        Set<String> seen = new HashSet<>();
        Path other = directory.resolve("g");
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = disk(seed);
            disk.open(path, Disk.Open.CREATE_NEW).close();
            disk.rename(path, other);
            disk.powerLoss(new Random(seed));

            seen.add(String.join(",", disk.list(directory)));
        }
        assertThat(seen).containsExactlyInAnyOrder("", "f", "g");
    }

    @Test
    void aCutAndRegrownFileNeverShowsWhatWasCutOffOnceTheCutArrived() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            SimDisk disk = disk(seed);
            DiskFile file = disk.open(path, Disk.Open.CREATE_NEW);
            byte[] old = new byte[4096];
            Arrays.fill(old, (byte) 5);
            file.write(0, ByteBuffer.wrap(old));
            file.sync();
            disk.syncDirectory(directory);
            file.truncate(700);
            file.truncate(8192);
            disk.powerLoss(new Random(seed));

            byte[] left = content(disk, path);
            for (int at = 700; at < left.length; at++) {
                boolean cutArrived = left.length != 4096;
                assertThat(left[at]).as("seed %d byte %d of %d", seed, at, left.length).isEqualTo((byte) (cutArrived ? 0 : 5));
            }
        }
    }

    @Test
    void faultsAreNamedAndAFailedSyncForgetsItsDirtyPages() throws IOException {
        SimDisk disk = disk(1);
        DiskFile file = disk.open(path, Disk.Open.CREATE_NEW);
        disk.syncDirectory(directory);
        file.truncate(10_000);
        file.sync();
        disk.faults(operation -> operation.kind() == DiskOperation.Kind.WRITE ? new DiskFault.ShortWrite(3) : null);
        assertThatThrownBy(() -> file.write(0, ByteBuffer.wrap(new byte[] {1, 1, 1, 1}))).hasMessageContaining("No space left");
        disk.faults(operation -> operation.kind() == DiskOperation.Kind.SYNC ? new DiskFault.IoError() : null);
        assertThatThrownBy(file::datasync).hasMessageContaining("Input/output error").hasMessageContaining("/d/f");
        disk.faults(_ -> null);
        file.datasync();
        assertThat(content(disk, path)).startsWith(1, 1, 1, 0);

        SimDisk fork = disk.fork(new Random(2));
        Set<Integer> outcomes = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimDisk one = disk(seed);
            DiskFile other = one.open(path, Disk.Open.CREATE_NEW);
            one.syncDirectory(directory);
            other.truncate(512);
            other.sync();
            other.write(0, ByteBuffer.wrap(new byte[] {8}));
            one.faults(operation -> operation.kind() == DiskOperation.Kind.SYNC ? new DiskFault.IoError() : null);
            assertThatThrownBy(other::sync).isInstanceOf(IOException.class);
            one.faults(_ -> null);
            other.sync();
            one.powerLoss(new Random(seed));
            outcomes.add((int) content(one, path)[0]);
        }
        assertThat(outcomes).containsExactlyInAnyOrder(0, 8);
        fork.powerLoss(new Random(3));
        assertThat(fork.list(directory)).containsExactly("f");
    }

    @Test
    void aFullDiskKeepsWhatFitted() throws IOException {
        SimDisk disk = disk(1);
        disk.capacity(1000);
        try (DiskFile file = disk.open(path, Disk.Open.CREATE_NEW)) {
            assertThatThrownBy(() -> file.allocate(1001)).hasMessageContaining("No space left");
            assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(1500))).hasMessageContaining("No space left");
            assertThat(file.size()).isEqualTo(1000);
            file.write(0, ByteBuffer.allocate(1000));
        }
    }

    @Test
    void pagesFailOneByOneAndLocksExclude() throws IOException {
        SimDisk disk = disk(1);
        DiskFile file = disk.open(path, Disk.Open.CREATE_NEW);
        try (DiskFile second = disk.open(path, Disk.Open.READ)) {
            file.write(0, ByteBuffer.wrap(new byte[8192]));
            disk.flipBit(path, 5000, 3);
            PageSource pages = file.pages();
            disk.faults(operation -> operation.kind() == DiskOperation.Kind.PAGE_READ && operation.position() == 0
                    ? new DiskFault.IoError() : null);
            assertThatThrownBy(() -> pages.read(0, 4096)).isInstanceOf(IOException.class);
            assertThat(pages.read(4096, 4096).get(ValueLayout.JAVA_BYTE, 904)).isEqualTo((byte) 8);
            assertThatThrownBy(() -> pages.read(4096, 4097)).isInstanceOf(IOException.class);

            assertThat(file.tryLock(DiskFile.Lock.FLOCK_SHARED)).isTrue();
            assertThat(second.tryLock(DiskFile.Lock.FLOCK_SHARED)).isTrue();
            assertThat(second.tryLock(DiskFile.Lock.FLOCK_EXCLUSIVE)).isFalse();
            file.close();
            assertThat(second.tryLock(DiskFile.Lock.FLOCK_EXCLUSIVE)).isTrue();
        }
    }
}
