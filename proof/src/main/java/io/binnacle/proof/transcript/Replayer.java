package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.wire.RawCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Plays one scenario against a fresh member of a server. One thread; used once a scenario. */
public final class Replayer implements AutoCloseable {
    private static final String RECORDED_VERSION = "3.7.1";

    /**
     * Flags beyond the recorded ones. The quota scenario was recorded within one commit interval: a commit between its steps makes the
     * file outgrow the quota, with etcd too, so on a busy machine the interval has to be longer.
     */
    private static final Map<String, List<String>> MORE_FLAGS = Map.of("quota", List.of("--backend-batch-interval=2s"));

    private final Scenario scenario;
    private final Variables variables;
    private final HttpSteps http;
    private ServerProcess server;
    private RpcSteps rpc;

    private Replayer(Scenario scenario, ServerCommand command, ServerProcess server) {
        this.scenario = scenario;
        this.variables = new Variables(RECORDED_VERSION, command.version());
        this.http = new HttpSteps(variables);
        this.server = server;
        this.rpc = connect();
    }

    /**
     * Starts the server and plays the steps up to the last one wanted; earlier unwanted ones are played too, since later ones build on them.
     *
     * @param directory an empty directory for data and files
     * @param wanted which step numbers, from 1, are compared
     */
    public static Report replay(Scenario scenario, ServerCommand command, Path directory, IntPredicate wanted)
            throws IOException, StartFailure {
        for (Map.Entry<String, String> file : scenario.files().entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        List<String> flags = new ArrayList<>(MORE_FLAGS.getOrDefault(scenario.name(), List.of()));
        scenario.flags().forEach(flag -> flags.add(flag.replace("{dir}", directory.toString())));
        ServerSetup setup = ServerSetup.recorded(directory.resolve("data"), flags);
        try (Replayer replayer = new Replayer(scenario, command, ServerProcess.start(command, setup))) {
            return replayer.play(wanted);
        }
    }

    private Report play(IntPredicate wanted) throws StartFailure {
        rpc.awaitLeader();
        int last = scenario.steps().size();
        while (last > 0 && !wanted.test(last)) {
            last--;
        }
        int compared = 0;
        TreeMap<Integer, List<String>> differences = new TreeMap<>();
        for (int number = 1; number <= last; number++) {
            List<String> differing = step(scenario.steps().get(number - 1));
            if (wanted.test(number)) {
                compared++;
                if (!differing.isEmpty()) {
                    differences.put(number, differing);
                }
            }
        }
        return new Report(scenario.name(), compared, differences);
    }

    private List<String> step(JsonNode step) throws StartFailure {
        try {
            if (step.has("http")) {
                return http.http1(step, server.setup().clientPort());
            } else if (step.has("http2")) {
                return http.http2(step, server.setup().clientPort());
            } else if (step.has("restart")) {
                restart();
                return List.of();
            }
            return rpc.step(step);
        } catch (IOException | IllegalArgumentException e) {
            return new ArrayList<>(List.of(e.toString()));
        }
    }

    private void restart() throws StartFailure {
        rpc.close();
        server.stop();
        server = ServerProcess.start(server.command(), server.setup());
        rpc = connect();
        rpc.awaitLeader();
    }

    private RpcSteps connect() {
        return new RpcSteps(new RawCalls(server.setup().clientAddress()), variables);
    }

    @Override
    public void close() {
        rpc.close();
        server.close();
    }
}
