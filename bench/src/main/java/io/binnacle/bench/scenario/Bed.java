package io.binnacle.bench.scenario;

import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a scenario runs: a server's command, a directory, a scale. One thread.
 *
 * @param command starts the server
 * @param directory what is below it belongs to the runs of this server
 * @param scale how much to do
 * @param etcdBenchmark etcd's load generator, null if it is absent
 */
public record Bed(List<String> command, Path directory, Scale scale, @Nullable Path etcdBenchmark) {

    /** Fills a store. */
    @FunctionalInterface
    interface Seeding {
        void fill(ServerProcess server) throws IOException, InterruptedException;
    }

    /** Starts the server on an empty directory. */
    ServerProcess fresh() throws IOException {
        Path run = directory.resolve("run");
        delete(run);
        return ServerProcess.start(command, run);
    }

    /** Starts the server on what the last {@link #fresh} or {@link #seeded} one left. */
    ServerProcess again() throws IOException {
        return ServerProcess.start(command, directory.resolve("run"));
    }

    /** Starts the server on a copy of a store that is filled the first time. */
    ServerProcess seeded(String name, Seeding seeding) throws IOException, InterruptedException {
        Path seed = directory.resolve("seed-" + name);
        if (!Files.exists(seed)) {
            Path growing = directory.resolve("seed-growing");
            delete(growing);
            try (ServerProcess server = ServerProcess.start(command, growing)) {
                seeding.fill(server);
            }
            Files.move(growing, seed);
        }
        Path run = directory.resolve("run");
        delete(run);
        copy(seed, run);
        return again();
    }

    /** Deletes all that the runs left. */
    public void clear() throws IOException {
        delete(directory);
    }

    /** Copies and syncs, so that no write-back of the copy falls into the measurement. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Path copy = Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
