package io.binnacle.proof.swap;

import io.binnacle.api.etcdserverpb.DowngradeRequest;
import io.binnacle.api.etcdserverpb.DowngradeResponse;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.client.Facts;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.process.ToolRun;
import io.binnacle.proof.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One seeded history on one data directory that changes hands: ours, etcd 3.7, and at its ends etcd 3.6. After each swap the new owner
 * must tell the same facts as the old one, and {@code etcdutl} must find the file sound. One thread; used once.
 */
public final class SwapProof {
    private static final int REQUESTS_MAX = 60;
    private static final Duration VERSION_MAX = Duration.ofSeconds(30);

    /** What is on the disk decides who may own the directory next. */
    private enum Level { V36, V37 }

    private final ServerCommand ours;
    private final RealEtcd newer;
    private final RealEtcd older;
    private final ServerSetup setup;
    private final Random random;
    private final Workload workload;
    private final List<String> story = new ArrayList<>();
    private @Nullable Facts last;

    /**
     * @param ours the server under proof; real etcd 3.7 in its place proves the harness
     * @param directory an empty directory
     */
    public SwapProof(ServerCommand ours, RealEtcd newer, RealEtcd older, Path directory, long seed) {
        this.ours = ours;
        this.newer = newer;
        this.older = older;
        this.setup = ServerSetup.recorded(directory.resolve("data"), List.of());
        this.random = new Random(seed);
        this.workload = new Workload(seed);
    }

    /** Plays the history; the answer is empty, or what went wrong and the story up to there. */
    public Optional<String> run(boolean olderFirst, boolean olderLast) {
        try {
            Level level = Level.V37;
            if (olderFirst) {
                turn(older.server(), true, Level.V36);
            }
            int swaps = 2 + random.nextInt(3);
            boolean oursNext = random.nextBoolean();
            for (int i = 0; i < swaps; i++) {
                turn(oursNext ? ours : newer.server(), !oursNext, level);
                oursNext = !oursNext;
            }
            refuseOlder();
            if (olderLast) {
                downgrade();
                turn(older.server(), true, Level.V36);
                turn(ours, false, Level.V37);
            }
            return Optional.empty();
        } catch (StartFailure | IllegalStateException e) {
            return Optional.of(e.getMessage() + "\n  story: " + String.join(", ", story));
        }
    }

    private void turn(ServerCommand owner, boolean auth, Level level) throws StartFailure {
        story.add(owner.name());
        boolean killed;
        try (ServerProcess server = ServerProcess.start(owner, setup);
                EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            client.awaitReads();
            check("taking over", Facts.of(client));
            awaitStorageVersion(client, level == Level.V36 ? "3.6.0" : "3.7.0");
            if (level == Level.V36) {
                Waiting.until("the end of the downgrade", VERSION_MAX,
                        () -> !client.status().orThrow().getDowngradeInfo().getEnabled());
            }
            int requests = 5 + random.nextInt(REQUESTS_MAX);
            story.add(requests + " requests");
            workload.run(client, requests, auth);
            Facts now = Facts.of(client);
            last = last == null || now.users() != null ? now : keepUsers(now, last);
            killed = random.nextInt(3) == 0;
            if (killed) {
                server.kill();
            } else {
                server.stop();
            }
        }
        story.add(killed ? "killed" : "stopped");
        soundFile(killed);
    }

    private static Facts keepUsers(Facts now, Facts before) {
        return new Facts(now.revision(), now.compactRevision(), now.hashes(), now.live(), now.leases(), before.users());
    }

    private void check(String when, Facts now) {
        if (last != null) {
            // The new owner samples the same revisions: they follow from revision and compaction alone.
            List<String> differences = last.differences(now);
            if (!differences.isEmpty()) {
                throw new IllegalStateException(when + ": " + String.join("; ", differences));
            }
        }
    }

    private static void awaitStorageVersion(EtcdClient client, String version) {
        Waiting.until("storage version " + version, VERSION_MAX,
                () -> client.status().orThrow().getStorageVersion().equals(version));
    }

    /** After a kill the file may be behind the log, so only its soundness counts; after a stop it holds all. */
    private void soundFile(boolean killed) {
        String db = setup.dataDir().resolve("member/snap/db").toString();
        String status = ToolRun.of(List.of(newer.utl(), "snapshot", "status", db, "-w", "json")).output();
        String hash = ToolRun.of(List.of(newer.utl(), "hashkv", db, "-w", "json")).output();
        Facts facts = last;
        if (!killed && facts != null) {
            String wanted = "\"hash\":" + Integer.toUnsignedString(facts.newestHash());
            if (!status.contains("\"revision\":" + facts.revision() + ",") || !hash.contains(wanted)) {
                throw new IllegalStateException("etcdutl: " + status.strip() + " " + hash.strip() + ", server: " + facts.revision() + " " + wanted);
            }
        }
    }

    /** Etcd 3.6 refuses a 3.7 directory without a downgrade; its words are recorded. */
    private void refuseOlder() {
        try (ServerProcess server = ServerProcess.launch(older.server(), setup)) {
            Integer exit = server.awaitExit(Duration.ofSeconds(30));
            if (exit == null || exit != 1 || !server.log().contains("version \\\"3.7.0\\\" is not supported")) {
                throw new IllegalStateException("etcd 3.6 on a 3.7 directory: exit " + exit + "\n" + server.log().tail(5));
            }
        }
        story.add("refused by " + older.version());
    }

    private void downgrade() throws StartFailure {
        try (ServerProcess server = ServerProcess.start(newer.server(), setup);
                EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            client.awaitReads();
            check("before the downgrade", Facts.of(client));
            awaitStorageVersion(client, "3.7.0");
            DowngradeRequest enable = DowngradeRequest.newBuilder()
                    .setAction(DowngradeRequest.DowngradeAction.ENABLE)
                    .setVersion("3.6")
                    .build();
            client.call("/etcdserverpb.Maintenance/Downgrade", enable, DowngradeResponse.parser()).orThrow();
            awaitStorageVersion(client, "3.6.0");
            // Etcd forces a .snap file at the downgrade; without it 3.6 would replay entries of 3.7 and refuse them.
            Waiting.until("readiness to downgrade", VERSION_MAX, () -> server.log().contains("The server is ready to downgrade")
                    && server.log().contains("saved snapshot to disk"));
            server.stop();
        }
        story.add("downgrade enabled");
    }
}
