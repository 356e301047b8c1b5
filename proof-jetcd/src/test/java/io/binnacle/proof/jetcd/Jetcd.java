package io.binnacle.proof.jetcd;

import io.binnacle.proof.process.Directories;
import io.binnacle.proof.process.OurServer;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One server process on an empty directory and one jetcd client of it. One thread uses it. */
final class Jetcd implements AutoCloseable {
    private static final long ANSWER_SECONDS_MAX = 30;

    private final Path directory;
    private final ServerProcess server;
    private final Client client;

    private Jetcd(Path directory, ServerProcess server, Client client) {
        this.directory = directory;
        this.server = server;
        this.client = client;
    }

    static Jetcd start(String... flags) throws Exception {
        Path directory = Files.createTempDirectory("jetcd");
        ServerSetup setup = ServerSetup.recorded(directory.resolve("data"), List.of(flags));
        ServerProcess server = ServerProcess.start(
                OurServer.find().orElseThrow(() -> new AssertionError("no bin/etcd in this repository")), setup);
        return new Jetcd(directory, server, Client.builder().endpoints("http://" + setup.clientAddress()).build());
    }

    Client client() {
        return client;
    }

    /** As maintenance calls name the member that they ask. */
    String endpoint() {
        return "http://" + server.setup().clientAddress();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The answer, waited for at most half a minute. */
    static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        Directories.delete(directory);
    }
}
