package io.binnacle.proof.kill;

import io.binnacle.api.etcdserverpb.DefragmentRequest;
import io.binnacle.api.etcdserverpb.DefragmentResponse;
import io.binnacle.proof.client.Answer;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.history.LinearizabilityChecker;
import io.binnacle.proof.history.Operation;
import io.binnacle.proof.history.RecordingClients;
import io.binnacle.proof.history.Store;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Kills a server under load and maintenance (snapshots, compactions, defragmentation), again and again on one directory. After each
 * restart: every acknowledged change is there, the whole round is linearizable with its revisions, and a watcher that resumes sees every revision once. One thread; used once.
 */
public final class KillProof {
    private static final int CLIENTS = 8;
    private static final long SEARCH_STEPS_MAX = 20_000_000;
    private static final int LOAD_MIN = 20;
    private static final int LOAD_SPREAD = 600;
    private static final int[] SNAPSHOT_COUNTS = {5, 50, 500};
    private static final Duration LOAD_TIME_MAX = Duration.ofSeconds(30);

    private final ServerCommand command;
    private final ServerSetup setup;
    private final long seed;
    private long operations;

    /** {@code directory} must be empty. */
    public KillProof(ServerCommand command, Path directory, long seed) {
        this.command = command;
        int snapshotCount = SNAPSHOT_COUNTS[new Random(seed).nextInt(SNAPSHOT_COUNTS.length)];
        this.setup = ServerSetup.recorded(directory.resolve("data"), List.of("--snapshot-count=" + snapshotCount));
        this.seed = seed;
    }

    /** Kills that often; the answer is empty, or what went wrong in which round. */
    public Optional<String> run(int kills) throws StartFailure {
        ServerProcess server = ServerProcess.start(command, setup);
        try {
            Random random = new Random(seed);
            WatchFollower watcher = new WatchFollower(2); // the first change of an empty store has revision 2
            for (int round = 1; round <= kills; round++) {
                Store before;
                try (EtcdClient probe = new EtcdClient(setup.clientAddress(), "")) {
                    probe.awaitReads();
                    before = RecordingClients.store(probe);
                }
                List<Operation> history = load(server, watcher, random, round, before.revision());
                server = ServerProcess.start(command, setup);
                Optional<String> wrong = verify(before, history, watcher);
                if (wrong.isPresent()) {
                    return Optional.of("round " + round + ": " + wrong.get());
                }
            }
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            server.close();
        }
    }

    /** How many operations were recorded in all. */
    public long operations() {
        return operations;
    }

    private List<Operation> load(ServerProcess server, WatchFollower watcher, Random random, int round, long seen) {
        EtcdClient client = new EtcdClient(setup.clientAddress(), "");
        EtcdClient watching = new EtcdClient(setup.clientAddress(), "");
        try {
            RecordingClients clients = new RecordingClients(client);
            List<Throwable> trouble = new ArrayList<>();
            Thread follower = Thread.ofVirtual()
                    .uncaughtExceptionHandler((_, e) -> trouble.add(e))
                    .start(() -> watcher.follow(watching, Long.MAX_VALUE));
            clients.start(CLIENTS, seed + round);
            Thread maintenance = Thread.ofVirtual()
                    .uncaughtExceptionHandler((_, e) -> trouble.add(e))
                    .start(() -> maintain(watching, round % 2 == 0 ? seen - 1 : 0));
            int enough = LOAD_MIN + random.nextInt(LOAD_SPREAD);
            Waiting.until(enough + " operations", LOAD_TIME_MAX, () -> clients.recorded() >= enough);
            server.kill();
            client.close(); // calls that wait for the connection end now
            watching.close();
            List<Operation> history = clients.stop();
            follower.join();
            maintenance.join();
            if (!trouble.isEmpty()) {
                throw new IllegalStateException("watcher: " + trouble.getFirst().getMessage(), trouble.getFirst());
            }
            return history;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            client.close();
            watching.close();
        }
    }

    /** Compacts what the watcher has seen and defragments, over and over, until the server is gone. */
    private static void maintain(EtcdClient client, long compactable) {
        if (compactable > 0) {
            client.compact(compactable, true);
        }
        Answer<DefragmentResponse> last;
        do {
            last = client.call("/etcdserverpb.Maintenance/Defragment", DefragmentRequest.getDefaultInstance(), DefragmentResponse.parser());
        } while (last instanceof Answer.Done<DefragmentResponse>);
    }

    private Optional<String> verify(Store before, List<Operation> history, WatchFollower watcher) {
        List<Operation> all = new ArrayList<>(history);
        operations += history.size();
        try (EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            client.awaitReads();
            long call = System.nanoTime();
            Store after = RecordingClients.store(client);
            all.addAll(RecordingClients.asReads(after, call, System.nanoTime()));
            watcher.follow(client, after.revision());
            Optional<String> unseen = unseen(history, watcher);
            watcher.forgetBefore(after.revision());
            if (unseen.isPresent()) {
                return unseen;
            }
        }
        return switch (LinearizabilityChecker.check(all, before, SEARCH_STEPS_MAX)) {
            case LinearizabilityChecker.Linearizable _ -> Optional.empty();
            case LinearizabilityChecker.NotLinearizable(Operation stuckAt, int explained) ->
                Optional.of("not linearizable: " + explained + " of " + all.size() + " operations explained, then " + stuckAt);
            case LinearizabilityChecker.Undecided(long steps) -> Optional.of("no verdict on linearizability after " + steps + " steps");
        };
    }

    /** Every acknowledged change was an event of its revision. */
    private static Optional<String> unseen(List<Operation> history, WatchFollower watcher) {
        for (Operation operation : history) {
            Operation.Output output = operation.output();
            if (output == null || !output.changed()) {
                continue;
            }
            String expected = switch (operation.input()) {
                case Operation.Put(String key, String value) -> key + "=" + value;
                case Operation.Swap(String key, long _, String value) -> key + "=" + value;
                case Operation.Delete(String key) -> key + " deleted";
                case Operation.Get _ -> "";
            };
            if (!expected.isEmpty() && !expected.equals(watcher.event(output.revision()))) {
                return Optional.of("acknowledged " + expected + " at revision " + output.revision() + ", the watcher saw "
                        + watcher.event(output.revision()));
            }
        }
        return Optional.empty();
    }
}
