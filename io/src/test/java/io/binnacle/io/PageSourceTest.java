package io.binnacle.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageSourceTest {

    @TempDir
    private Path directory = Path.of("/");

    private static PageAccess access(String name) {
        return switch (name) {
            case "mapped" -> PageAccess.DEFAULT;
            case "mapped without reserve" -> new PageAccess.Mapped(0);
            default -> new PageAccess.Positional(64 * 1024, 4096);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "mapped without reserve", "positional"})
    void showsTheFileAsItWasLastCommittedWhileItGrowsAndShrinks(String name) throws IOException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("PageSourceTest " + name + " -Dtest.seed=" + seed);
        Random random = new Random(seed);
        byte[] model = new byte[0];
        try (DiskFile file = new SystemDisk(access(name)).open(directory.resolve("f"), Disk.Open.CREATE_NEW);
                PageSource pages = file.pages()) {
            for (int round = 0; round < 300; round++) {
                if (random.nextInt(20) == 0) {
                    int length = random.nextInt(model.length + 1);
                    pages.committedLength(length);
                    file.truncate(length);
                    model = Arrays.copyOf(model, length);
                }
                byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 300_000 : 9_000)];
                random.nextBytes(bytes);
                int at = random.nextInt(model.length + 1);
                file.write(at, ByteBuffer.wrap(bytes));
                model = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
                System.arraycopy(bytes, 0, model, at, bytes.length);
                pages.committedLength(model.length);

                for (int read = 0; read < 20; read++) {
                    int from = random.nextInt(model.length);
                    int length = random.nextInt(Math.min(20_000, model.length - from) + 1);
                    byte[] got = pages.read(from, length).toArray(ValueLayout.JAVA_BYTE);
                    assertThat(Arrays.equals(got, Arrays.copyOfRange(model, from, from + length)))
                            .as("seed %d round %d: %d+%d", seed, round, from, length).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "positional"})
    void refusesWhatLiesPastTheCommittedLengthByName(String name) throws IOException {
        Path path = directory.resolve("f");
        try (DiskFile file = new SystemDisk(access(name)).open(path, Disk.Open.CREATE_NEW);
                PageSource pages = file.pages()) {
            file.truncate(8192);
            assertThat(pages.committedLength()).isZero();
            pages.committedLength(8192);
            assertThat(pages.read(4096, 4096).byteSize()).isEqualTo(4096);

            assertThatThrownBy(() -> pages.read(4097, 4096)).isInstanceOf(IOException.class).hasMessageContaining(path.toString());
            assertThatThrownBy(() -> pages.read(-1, 1)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pages.read(0, Long.MAX_VALUE)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pages.committedLength(8193)).isInstanceOf(IOException.class);
            pages.committedLength(4096);
            assertThatThrownBy(() -> pages.read(4096, 1)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "positional"})
    void aPartUsedAfterCloseFaultsInJavaAndNotInTheMachine(String name) throws IOException {
        try (DiskFile file = new SystemDisk(access(name)).open(directory.resolve("f"), Disk.Open.CREATE_NEW)) {
            file.truncate(4096);
            PageSource pages = file.pages();
            MemorySegment part = pages.read(0, 10);
            pages.close();
            pages.close();
            if (name.equals("mapped")) {
                assertThatThrownBy(() -> part.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
            } else {
                assertThat(part.get(ValueLayout.JAVA_BYTE, 0)).isZero();
            }
            assertThatThrownBy(() -> pages.read(0, 10)).isInstanceOf(IOException.class);
        }
    }
}
