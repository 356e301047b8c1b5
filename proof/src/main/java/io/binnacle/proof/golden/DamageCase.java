package io.binnacle.proof.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.binnacle.api.etcdserverpb.StatusResponse;
import io.binnacle.proof.client.Answer;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recorded directory, damaged, and what etcd 3.7 did with it. Immutable.
 *
 * @param name its name
 * @param base the undamaged directory's name
 * @param edits what is done to it
 * @param expected the recorded outcome
 */
public record DamageCase(String name, String base, JsonNode edits, Outcome expected) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STUCK = Duration.ofSeconds(12); // as recorded
    private static final Duration READY_MAX = Duration.ofSeconds(60); // a busy machine is not a stuck server

    /** What a server did. */
    public sealed interface Outcome {}

    /** It serves, at this revision. */
    public record Healthy(long revision) implements Outcome {}

    /** It ended. */
    public record Exited(int code) implements Outcome {}

    /** It neither serves nor ends. */
    public record Stuck() implements Outcome {}

    /** All cases of a file. */
    public static List<DamageCase> readAll(Path file) throws IOException {
        List<DamageCase> cases = new ArrayList<>();
        for (JsonNode one : JSON.readTree(Files.readAllBytes(file))) {
            JsonNode etcd = one.path("etcd 3.7.1");
            Outcome expected = switch (etcd.path("result").asText()) {
                case "healthy" -> new Healthy(etcd.path("revision").asLong());
                case "exited" -> new Exited(etcd.path("exit").asInt());
                default -> new Stuck();
            };
            cases.add(new DamageCase(one.path("name").asText(), one.path("base").asText(), one.path("edits"), expected));
        }
        return cases;
    }

    /** Ends of a start that are as safe as being stuck: etcd waits for ever where it could say what is missing. */
    private static final List<String> MAY_EXIT_WHERE_ETCD_IS_STUCK = List.of("wal-behind-db", "wal-removed", "segments-last-missing");

    /**
     * Whether an outcome is right. Etcd's own exit codes count for etcd alone (a panic is 2, a fatal log line 1); another server may end
     * with any code but 0.
     */
    public boolean accepts(Outcome outcome, boolean etcd) {
        boolean authHidesRevision = outcome instanceof Healthy(long revision) && revision < 0 && expected instanceof Healthy;
        if (outcome.equals(expected) || authHidesRevision) {
            return true;
        }
        boolean exited = outcome instanceof Exited(int code) && code != 0;
        return !etcd && exited && (expected instanceof Exited || MAY_EXIT_WHERE_ETCD_IS_STUCK.contains(name));
    }

    /** Restores, damages, starts; {@code target} must not exist. */
    public Outcome play(Path goldenData, ServerCommand command, Path target) throws IOException {
        GoldenDirectory golden = GoldenDirectory.read(goldenData, base);
        golden.restore(target);
        for (JsonNode edit : edits) {
            apply(edit, target);
        }
        ServerSetup setup = ServerSetup.continuing(target, golden.memberName(), golden.peerUrl(), List.of());
        try (ServerProcess server = ServerProcess.launch(command, setup)) {
            if (server.awaitReady(expected instanceof Stuck ? STUCK : READY_MAX)) {
                return healthy(setup, server);
            }
            Integer exit = server.awaitExit(Duration.ofMillis(200));
            return exit == null ? new Stuck() : new Exited(exit);
        }
    }

    private static Outcome healthy(ServerSetup setup, ServerProcess server) {
        try (EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            Answer<StatusResponse> status = client.status();
            Integer exit = server.exit();
            if (exit != null) {
                return new Exited(exit);
            }
            return switch (status) {
                case Answer.Done<StatusResponse>(StatusResponse s) -> new Healthy(s.getHeader().getRevision());
                case Answer.Failed<StatusResponse>(int code, String _) -> code == 3 ? new Healthy(-1) : new Stuck(); // auth is on
            };
        }
    }

    private static void apply(JsonNode edit, Path root) throws IOException {
        Path file = root.resolve(edit.path("file").asText());
        switch (edit.path("op").asText()) {
            case "delete" -> Files.deleteIfExists(file);
            case "create" -> {
                @Nullable String copied = edit.path("copyOf").textValue();
                if (copied == null) {
                    Files.write(file, HexFormat.of().parseHex(edit.path("bytes").asText()));
                } else {
                    Files.copy(root.resolve(copied), file);
                }
            }
            default -> change(edit, file);
        }
    }

    private static void change(JsonNode edit, Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            switch (edit.path("op").asText()) {
                case "truncate" -> open.setLength(edit.path("length").asLong());
                case "zero" -> {
                    open.seek(edit.path("offset").asLong());
                    open.write(new byte[edit.path("length").asInt()]);
                }
                case "write" -> {
                    open.seek(edit.path("offset").asLong());
                    open.write(HexFormat.of().parseHex(edit.path("bytes").asText()));
                }
                case "xor" -> {
                    long offset = edit.path("offset").asLong();
                    open.seek(offset);
                    int old = open.read();
                    open.seek(offset);
                    open.write(old ^ edit.path("mask").asInt());
                }
                default -> throw new IOException("unknown edit " + edit);
            }
        }
    }
}
