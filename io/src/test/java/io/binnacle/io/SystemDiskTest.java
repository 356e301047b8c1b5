package io.binnacle.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest {

    private final Disk disk = new SystemDisk();

    @TempDir
    private Path directory = Path.of("/");

    @Test
    void readsBackWhatWasWrittenAtItsPosition() throws IOException {
        try (DiskFile file = disk.open(directory.resolve("f"), Disk.Open.CREATE_NEW)) {
            byte[] bytes = new byte[3 << 20];
            for (int index = 0; index < bytes.length; index++) bytes[index] = (byte) ((index * 31) >> 8);
            file.write(5, ByteBuffer.wrap(bytes));
            file.datasync();
            disk.syncDirectory(directory);

            ByteBuffer read = ByteBuffer.allocate(bytes.length + 10);
            assertThat(file.read(5, read)).isEqualTo(bytes.length);
            assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(file.size()).isEqualTo(bytes.length + 5);
            assertThat(file.read(file.size(), ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void createsFilesAndDirectoriesForTheirOwnerOnly() throws IOException {
        Path nested = directory.resolve("a/b");
        disk.createDirectories(nested);
        disk.open(nested.resolve("f"), Disk.Open.CREATE_OR_OPEN).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nested))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nested.resolve("f"))))
                .isEqualTo("rw-------");
        disk.chmod(nested.resolve("f"), 0644);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nested.resolve("f"))))
                .isEqualTo("rw-r--r--");
        assertThat(disk.list(nested)).containsExactly("f");
        disk.deleteTree(directory.resolve("a"));
        disk.deleteTree(directory.resolve("a"));
        assertThat(disk.exists(nested)).isFalse();
    }

    @Test
    void tellsPresenceAbsenceAndOperationInItsErrors() throws IOException {
        Path path = directory.resolve("f");

        assertThatThrownBy(() -> disk.open(path, Disk.Open.READ))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining(path.toString()).hasMessageContaining("open");
        assertThatThrownBy(() -> disk.delete(path)).isInstanceOf(NoSuchFileException.class).hasMessageContaining("delete");
        disk.open(path, Disk.Open.CREATE_NEW).close();
        assertThatThrownBy(() -> disk.open(path, Disk.Open.CREATE_NEW)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.open(path.resolve("x"), Disk.Open.WRITE))
                .isInstanceOf(IOException.class).hasMessageContaining("Not a directory").hasMessageContaining(path.toString());
        try (DiskFile readOnly = disk.open(path, Disk.Open.READ)) {
            assertThatThrownBy(() -> readOnly.write(0, ByteBuffer.allocate(1))).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void locksOfBothKindsExcludeOtherOpenersUntilClosed() throws IOException {
        Path path = directory.resolve("f");
        for (DiskFile.Lock lock : new DiskFile.Lock[] {DiskFile.Lock.OFD_EXCLUSIVE, DiskFile.Lock.FLOCK_EXCLUSIVE}) {
            DiskFile first = disk.open(path, Disk.Open.CREATE_OR_OPEN);
            try (DiskFile second = disk.open(path, Disk.Open.WRITE)) {
                assertThat(first.tryLock(lock)).isTrue();
                assertThat(second.tryLock(lock)).isFalse();
                first.close();
                first.close();
                assertThat(second.tryLock(lock)).isTrue();
            }
        }
        try (DiskFile one = disk.open(path, Disk.Open.READ);
                DiskFile two = disk.open(path, Disk.Open.READ);
                DiskFile writer = disk.open(path, Disk.Open.WRITE)) {
            assertThat(one.tryLock(DiskFile.Lock.FLOCK_SHARED)).isTrue();
            assertThat(two.tryLock(DiskFile.Lock.FLOCK_SHARED)).isTrue();
            assertThat(writer.tryLock(DiskFile.Lock.FLOCK_EXCLUSIVE)).isFalse();
        }
    }

    @Test
    void allocatedAndExtendedSpaceReadsAsZeros() throws IOException {
        try (DiskFile file = disk.open(directory.resolve("f"), Disk.Open.CREATE_NEW)) {
            file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            file.allocate(10_000);
            assertThat(file.size()).isEqualTo(10_000);
            file.truncate(2);
            file.truncate(8_000);

            ByteBuffer read = ByteBuffer.allocate(8_000);
            assertThat(file.read(0, read)).isEqualTo(8_000);
            byte[] expected = new byte[8_000];
            expected[0] = 1;
            expected[1] = 2;
            assertThat(read.array()).isEqualTo(expected);
        }
    }

    @Test
    void renamesOverTheTargetAndTheOpenFileFollowsItsContent() throws IOException {
        Path from = directory.resolve("from");
        Path to = directory.resolve("to");
        disk.open(to, Disk.Open.CREATE_NEW).close();
        try (DiskFile file = disk.open(from, Disk.Open.CREATE_NEW)) {
            disk.rename(from, to);
            file.write(0, ByteBuffer.wrap(new byte[] {7}));
            file.allocate(100);
            assertThat(disk.size(to)).isEqualTo(100);
            assertThat(disk.list(directory)).containsExactly("to");
        }
    }
}
