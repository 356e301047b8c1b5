package io.binnacle.bench;

import io.binnacle.bench.process.Tool;
import io.binnacle.bench.scenario.Bed;
import io.binnacle.bench.scenario.Figures;
import io.binnacle.bench.scenario.MissingTool;
import io.binnacle.bench.scenario.Scale;
import io.binnacle.bench.scenario.Scenario;
import io.binnacle.bench.scenario.Scenarios;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs scenarios on two servers in turns (A B A B ...) and writes down how they compare. The system property {@code
 * bench.root} names the repository. Exit code 1: a run failed a check or could not be made; 2: the command line is wrong.
 */
public final class Bench {

    /** Long enough to build the server on its first use. */
    private static final long VERSION_SECONDS_MAX = 900;

    private final Options options;
    private final String arguments;
    private final Path root;
    private final PrintStream out;

    private Bench(Options options, String arguments, Path root, PrintStream out) {
        this.options = options;
        this.arguments = arguments;
        this.root = root;
        this.out = out;
    }

    /** Runs what the arguments say. */
    public static void main(String[] arguments) throws InterruptedException {
        Path root = Path.of(System.getProperty("bench.root", ".")).toAbsolutePath().normalize();
        try {
            Options options = Options.parse(List.of(arguments), root, System.getenv("BINNACLE_ETCD37"));
            boolean good = new Bench(options, String.join(" ", arguments), root, System.out).run();
            System.exit(good ? 0 : 1);
        } catch (Options.UsageError e) {
            System.err.println("bench: " + e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private boolean run() throws IOException, InterruptedException, Options.UsageError {
        List<Scenario> chosen = chosen();
        if (options.list()) {
            for (Scenario scenario : chosen) out.printf("%-18s %s%n", scenario.name(), scenario.about());
            return true;
        }
        Path work = root.resolve("bench/target/work");
        Scale scale = options.quick() ? Scale.QUICK : Scale.FULL;
        Bed a = new Bed(options.a(), work.resolve("a"), scale, options.etcdBenchmark());
        Bed b = new Bed(options.b(), work.resolve("b"), scale, options.etcdBenchmark());
        String setting = setting();
        out.println(setting);
        boolean good = true;
        for (Scenario scenario : chosen) {
            a.clear(); // a run that was interrupted left it
            b.clear();
            try {
                good &= compare(scenario, a, b, setting);
            } catch (MissingTool missing) {
                out.println("## " + scenario.name() + "\nskipped: " + missing.getMessage() + "\n");
            } catch (IOException failed) {
                out.println("## " + scenario.name() + "\nFAILED: " + failed.getMessage() + "\n");
                good = false;
            } finally {
                a.clear();
                b.clear();
            }
        }
        out.println("results: " + options.out());
        return good;
    }

    private List<Scenario> chosen() throws Options.UsageError {
        List<Scenario> all = Scenarios.all();
        if (options.names().isEmpty()) return all;
        List<Scenario> chosen = new ArrayList<>();
        for (String name : options.names()) {
            chosen.add(all.stream().filter(each -> each.name().equals(name)).findFirst()
                    .orElseThrow(() -> new Options.UsageError("no scenario " + name + "; bin/bench --list names them")));
        }
        return chosen;
    }

    private boolean compare(Scenario scenario, Bed a, Bed b, String setting) throws IOException, InterruptedException {
        out.println("## " + scenario.name() + "\n" + scenario.about());
        long startNanos = System.nanoTime();
        Comparison comparison = new Comparison();
        for (int run = 1; run <= options.runs(); run++) {
            Figures ofA = runOnce("A", run, scenario, a);
            Figures ofB = runOnce("B", run, scenario, b);
            comparison.add(ofA, ofB);
        }
        StringBuilder body = new StringBuilder(scenario.about()).append(".\n\n").append(comparison.table()).append('\n');
        for (String failure : comparison.failures()) body.append("**CHECK FAILED** ").append(failure).append('\n');
        body.append(String.format(Locale.ROOT, "%n%s; %d runs each, %d s; repeat with `bin/bench %s%s`%n", setting,
                options.runs(), (System.nanoTime() - startNanos) / 1_000_000_000L, scenario.name(), optionsGiven()));
        out.println(body);
        new ResultsFile(options.out()).replace(scenario.name(), body.toString());
        return comparison.failures().isEmpty();
    }

    /** The arguments without names of scenarios. */
    private String optionsGiven() {
        String rest = arguments;
        for (String name : options.names()) rest = rest.replaceFirst("(^| )" + name + "( |$)", " ");
        return rest.isBlank() ? "" : " " + rest.strip();
    }

    private Figures runOnce(String side, int run, Scenario scenario, Bed bed) throws IOException, InterruptedException {
        Figures figures = scenario.run(bed);
        StringBuilder line = new StringBuilder(side).append(run).append(':');
        for (Figures.Figure figure : figures.all()) {
            line.append("  ").append(figure.name()).append(' ').append(Comparison.number(figure.value()));
        }
        out.println(line);
        for (String failure : figures.failures()) out.println("  CHECK FAILED " + failure);
        return figures;
    }

    /** Date, commit, machine and both servers; asks each for its version, which builds ours if it is not yet. */
    private String setting() throws IOException, InterruptedException {
        String commit = Tool.run(List.of("git", "-C", root.toString(), "describe", "--always", "--dirty"), 60).strip();
        return LocalDate.now(ZoneOffset.UTC) + ", commit " + commit + ", " + Machine.describe() + "; A: " + version(options.a())
                + "; B: " + version(options.b());
    }

    /** The program, relative to the repository or its name alone, and what it says of its version. */
    private String version(List<String> command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.add("--version");
        String said = Tool.run(line, VERSION_SECONDS_MAX).lines().findFirst().orElse("no version");
        Path program = Path.of(command.getFirst()).toAbsolutePath().normalize();
        Path shown = program.startsWith(root) ? root.relativize(program) : program.getFileName();
        return "`" + shown + "` (" + said + ")";
    }
}
