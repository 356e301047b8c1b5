package io.binnacle.proof;

import io.binnacle.proof.ctl.CtlScenario;
import io.binnacle.proof.fuzz.FuzzProof;
import io.binnacle.proof.golden.DamageCase;
import io.binnacle.proof.golden.GoldenCheck;
import io.binnacle.proof.golden.GoldenDirectory;
import io.binnacle.proof.kill.KillProof;
import io.binnacle.proof.process.Directories;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.Repository;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.swap.SwapProof;
import io.binnacle.proof.transcript.Replayer;
import io.binnacle.proof.transcript.Report;
import io.binnacle.proof.transcript.Scenario;
import io.binnacle.proof.transcript.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The proofs, each with its full count and the part of it that runs between two notes of progress. */
enum Proof {
    TRANSCRIPTS(1, 1),
    CTL(1, 1),
    GOLDEN(1, 1),
    DAMAGE(1, 1),
    KILL(300, 10),
    SWAP(200, 1),
    FUZZ(1_000_000, 20_000);

    private static final int DIFFERENCES_SHOWN_MAX = 20;

    private final int fullCount;
    private final int chunk;

    Proof(int fullCount, int chunk) {
        this.fullCount = fullCount;
        this.chunk = chunk;
    }

    int fullCount() {
        return fullCount;
    }

    int chunk() {
        return chunk;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Runs a part; the answer is empty, or what is wrong. */
    Optional<String> run(ServerCommand server, Path temp, long seed, int count) throws IOException {
        RealEtcd newer = RealEtcd.v37().orElseThrow();
        Path directory = Files.createDirectory(temp.resolve(word() + seed));
        try {
            return switch (this) {
                case TRANSCRIPTS -> transcripts(server, directory);
                case CTL -> ctl(newer, server, directory);
                case GOLDEN -> golden(newer, server, directory);
                case DAMAGE -> damage(server, directory);
                case KILL -> new KillProof(server, directory, seed).run(count).map(w -> "--seed " + seed + ": " + w);
                case SWAP -> new SwapProof(server, newer, RealEtcd.v36().orElseThrow(), directory, seed)
                        .run(seed % 2 == 0, seed % 4 < 2)
                        .map(w -> "--seed " + seed + ": " + w);
                case FUZZ -> new FuzzProof(newer.server(), server, directory, seed).run(count).map(w -> "--seed " + seed + ": " + w);
            };
        } catch (StartFailure e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            Directories.delete(directory);
        }
    }

    private static Optional<String> transcripts(ServerCommand server, Path directory) throws IOException, StartFailure {
        boolean real = server.name().startsWith("etcd");
        Selection promised = Selection.read(Repository.root().resolve("proof/src/test/resources/transcripts.txt"));
        StringBuilder wrong = new StringBuilder();
        for (Scenario scenario : Scenario.readAll(recordings().resolve("api"))) {
            IntPredicate wanted = real ? _ -> true : promised.steps(scenario.name());
            if (real || promised.scenarios().contains(scenario.name())) {
                Report report = Replayer.replay(scenario, server, Files.createDirectory(directory.resolve(scenario.name())), wanted);
                System.out.println(report.summary());
                wrong.append(report.detail(DIFFERENCES_SHOWN_MAX));
            }
        }
        return text(wrong);
    }

    private static Optional<String> ctl(RealEtcd tools, ServerCommand server, Path directory) throws IOException, StartFailure {
        List<String> script = CtlScenario.script();
        Map<String, String> expected =
                new CtlScenario(tools, tools.server(), Files.createDirectory(directory.resolve("expected"))).run(script);
        Map<String, String> actual = new CtlScenario(tools, server, Files.createDirectory(directory.resolve("actual"))).run(script);
        StringBuilder wrong = new StringBuilder();
        expected.forEach((command, output) -> {
            if (!output.equals(actual.get(command))) {
                wrong.append(command).append("\n--- etcd\n").append(output).append("--- ").append(server.name()).append('\n')
                        .append(actual.get(command));
            }
        });
        return text(wrong);
    }

    private static Optional<String> golden(RealEtcd newer, ServerCommand server, Path directory) throws IOException {
        StringBuilder wrong = new StringBuilder();
        for (GoldenDirectory golden : GoldenDirectory.singleMembers(recordings().resolve("etcd/data"))) {
            Path target = directory.resolve(golden.name());
            List<String> differences = GoldenCheck.differences(golden, server, newer.server(), target);
            System.out.println(golden.name() + (differences.isEmpty() ? ": equal" : ": differs"));
            if (!differences.isEmpty()) {
                wrong.append(golden.name()).append(": ").append(String.join("; ", differences)).append('\n');
            }
            Directories.delete(target);
        }
        return text(wrong);
    }

    private static Optional<String> damage(ServerCommand server, Path directory) throws IOException {
        StringBuilder wrong = new StringBuilder();
        for (DamageCase one : DamageCase.readAll(recordings().resolve("etcd/damage/server.json"))) {
            Path target = directory.resolve(one.name());
            DamageCase.Outcome outcome = one.play(recordings().resolve("etcd/data"), server, target);
            if (!one.accepts(outcome, server.name().startsWith("etcd"))) {
                wrong.append(one.name()).append(": etcd ").append(one.expected()).append(", got ").append(outcome).append('\n');
            }
            Directories.delete(target);
        }
        return text(wrong);
    }

    private static Path recordings() {
        return Repository.shared().orElseThrow(() -> new IllegalStateException("no recorded data")).resolve("golden");
    }

    private static Optional<String> text(StringBuilder wrong) {
        return wrong.isEmpty() ? Optional.empty() : Optional.of(wrong.toString());
    }
}
