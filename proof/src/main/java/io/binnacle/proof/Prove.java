package io.binnacle.proof;

import io.binnacle.proof.process.OurServer;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.Repository;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The command behind {@code bin/prove}: runs a proof with its full count, goes on where an interrupted run of the same commit stopped,
 * and appends date, commit, seeds and verdict to {@code docs/proof.md}.
 */
public final class Prove {
    private static final String USAGE = """
            usage: bin/prove [NAME] [--server ours|etcd] [--count N] [--seed N] [--no-record]
              NAME: transcripts, ctl, golden, damage, kill (300 kills), swap (200 histories), fuzz (1000000 requests); without it, all
              --server etcd runs the proof on real etcd 3.7, which proves the proof
            """;

    private Prove() {}

    /** Exit code 0: proved; 1: refuted; 2: wrong usage or something needed is absent. */
    public static void main(String[] args) throws IOException {
        Deque<String> words = new ArrayDeque<>(Arrays.asList(args));
        List<Proof> proofs = List.of(Proof.values());
        boolean real = false;
        boolean record = true;
        long seed = 1;
        int count = 0;
        while (!words.isEmpty()) {
            String word = words.pop();
            switch (word) {
                case "--server" -> real = value(words).equals("etcd");
                case "--count" -> count = Integer.parseInt(value(words));
                case "--seed" -> seed = Long.parseLong(value(words));
                case "--no-record" -> record = false;
                default -> proofs = List.of(Arrays.stream(Proof.values())
                        .filter(p -> p.word().equals(word))
                        .findFirst()
                        .orElseThrow(Prove::usage));
            }
        }
        Optional<ServerCommand> server = real ? RealEtcd.v37().map(RealEtcd::server) : OurServer.find();
        if (server.isEmpty() || RealEtcd.v37().isEmpty() || RealEtcd.v36().isEmpty()) {
            System.err.println("prove: the server is not there, or real etcd is not (run interop/build)");
            System.exit(2);
        }
        boolean proved = true;
        for (Proof proof : proofs) {
            proved &= run(proof, server.orElseThrow(), seed, count == 0 ? proof.fullCount() : count, record);
        }
        System.exit(proved ? 0 : 1);
    }

    private static boolean run(Proof proof, ServerCommand server, long seed, int count, boolean record) throws IOException {
        String commit = ToolRun.of(List.of("git", "rev-parse", "--short=12", "HEAD")).output().strip();
        Path root = Repository.root();
        Path directory = Files.createDirectories(root.resolve("proof/target/prove"));
        Path progress = directory.resolve(proof.word() + "-" + server.name().replace(' ', '-') + "-" + commit + "-" + seed + "-" + count);
        int done = Files.exists(progress) ? Integer.parseInt(Files.readString(progress).strip()) : 0;
        long started = System.nanoTime();
        Path temp = Files.createTempDirectory("prove");
        Optional<String> wrong = Optional.empty();
        while (done < count && wrong.isEmpty()) {
            int chunk = Math.min(proof.chunk(), count - done);
            wrong = proof.run(server, temp, seed + done, chunk);
            if (wrong.isEmpty()) {
                done += chunk;
                Files.writeString(progress, Integer.toString(done));
                System.out.println(proof.word() + " on " + server.name() + ": " + done + " of " + count);
            }
        }
        String verdict = wrong.isEmpty() ? "holds" : "REFUTED after " + done;
        System.out.println(proof.word() + " on " + server.name() + ", " + commit + ", seeds from " + seed + ": " + verdict + " ("
                + (System.nanoTime() - started) / 1_000_000_000 + " s)" + wrong.map(w -> "\n" + w).orElse(""));
        if (record) {
            String line = "| " + LocalDate.now(ZoneOffset.UTC) + " | " + proof.word() + " | " + server.name() + " | " + commit + " | " + seed
                    + "–" + (seed + count - 1) + " | " + count + " | " + verdict + " |\n";
            Files.writeString(root.resolve("docs/proof.md"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return wrong.isEmpty();
    }

    private static String value(Deque<String> words) {
        if (words.isEmpty()) {
            throw usage();
        }
        return words.pop();
    }

    private static IllegalArgumentException usage() {
        System.err.print(USAGE);
        System.exit(2);
        return new IllegalArgumentException("unreachable: the process has ended");
    }
}
