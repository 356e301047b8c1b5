package io.binnacle.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param names the scenarios, empty for all
 * @param runs how often each server runs each
 * @param quick whether a hundredth of the counts will do
 * @param list whether only to name the scenarios
 * @param a the command of the first server
 * @param b the command of the second
 * @param etcdBenchmark etcd's load generator, null if it was not found
 * @param out where results go
 */
record Options(List<String> names, int runs, boolean quick, boolean list, List<String> a, List<String> b,
        @Nullable Path etcdBenchmark, Path out) {

    private static final int RUNS = 5;
    private static final int RUNS_MAX = 100;

    /** The command line cannot be understood; the message says why. */
    static final class UsageError extends Exception {
        private static final long serialVersionUID = 1;

        UsageError(String message) {
            super(message);
        }
    }

    static final String USAGE = """
            bin/bench [NAME...] [--runs N] [--quick] [--a COMMAND] [--b COMMAND] [--out FILE]
            bin/bench --list
            bin/bench micro [JMH ARGUMENTS]

            Runs the named scenarios, or all, on server A and server B in turns and prints A / B.
              --runs N      runs of each server (5)
              --quick       a hundredth of the counts, one run: to see whether everything works
              --a COMMAND   server A (bin/etcd)
              --b COMMAND   server B ($BINNACLE_ETCD37/server, or what interop/build made)
              --out FILE    results (bench/RESULTS.md; with --quick bench/target/RESULTS-quick.md)
            """;

    /**
     * Reads the command line.
     *
     * @param root the repository
     * @param etcdDirectory where real etcd's programs are, null if not said
     */
    static Options parse(List<String> arguments, Path root, @Nullable String etcdDirectory) throws UsageError {
        Path etcd = etcdDirectory == null ? root.resolve("interop/target/etcd37") : Path.of(etcdDirectory);
        List<String> names = new ArrayList<>();
        int runs = 0;
        boolean quick = false;
        boolean list = false;
        List<String> a = List.of(root.resolve("bin/etcd").toString());
        List<String> b = List.of(etcd.resolve("server").toString());
        Path out = null;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--runs" -> runs = number(value(argument, rest));
                case "--quick" -> quick = true;
                case "--list" -> list = true;
                case "--a" -> a = List.of(value(argument, rest).split(" ", -1));
                case "--b" -> b = List.of(value(argument, rest).split(" ", -1));
                case "--out" -> out = Path.of(value(argument, rest));
                default -> {
                    if (argument.startsWith("-")) throw new UsageError("unknown option " + argument);
                    names.add(argument);
                }
            }
        }
        Path benchmark = etcd.resolve("benchmark");
        return new Options(List.copyOf(names), runs > 0 ? runs : quick ? 1 : RUNS, quick, list, a, b,
                Files.isExecutable(benchmark) ? benchmark : null,
                out != null ? out : root.resolve(quick ? "bench/target/RESULTS-quick.md" : "bench/RESULTS.md"));
    }

    private static String value(String option, Iterator<String> rest) throws UsageError {
        if (!rest.hasNext()) throw new UsageError(option + " needs a value");
        return rest.next();
    }

    private static int number(String text) throws UsageError {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= RUNS_MAX) return number;
        } catch (NumberFormatException e) {
            throw new UsageError("--runs " + text + " is no number");
        }
        throw new UsageError("--runs takes 1 to " + RUNS_MAX);
    }
}
