package io.binnacle.bench.load;

import io.binnacle.bench.process.ServerProcess;
import io.binnacle.bench.process.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** etcd's own load generator, {@code benchmark}: its Go client with many goroutines on few connections. */
public final class EtcdBenchmark implements Load {

    private static final Pattern TOTAL = Pattern.compile("Total:\\s+([0-9.]+) secs");
    private static final Pattern SLOWEST = Pattern.compile("Slowest:\\s+([0-9.]+) secs");
    private static final Pattern PERCENT = Pattern.compile("([0-9.]+)% in ([0-9.]+) secs");
    /** A bar of its histogram: the upper bound, and how many. */
    private static final Pattern BAR = Pattern.compile("(?m)^\\s+[0-9.]+ \\[(\\d+)]\\s+\\|");
    private static final Pattern ERROR = Pattern.compile("(?s)Error distribution:\\s*(\\S.*)");
    private static final long SECONDS_MAX = 600;

    private final Path program;
    private final Method method;
    private final List<String> arguments;

    /**
     * @param program the binary
     * @param method what its command calls
     * @param arguments its command and flags, without total and endpoint
     */
    public EtcdBenchmark(Path program, Method method, List<String> arguments) {
        this.program = program;
        this.method = method;
        this.arguments = List.copyOf(arguments);
    }

    @Override
    public Method method() {
        return method;
    }

    @Override
    public LoadResult run(ServerProcess server, long requests) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(program.toString(), "--endpoints=127.0.0.1:" + server.clientPort(),
                "--conns=10", "--clients=1000"));
        line.addAll(arguments);
        line.add("--total=" + requests);
        return result(Tool.run(line, SECONDS_MAX), requests);
    }

    static LoadResult result(String output, long requests) throws IOException {
        Matcher total = TOTAL.matcher(output);
        Matcher slowest = SLOWEST.matcher(output);
        if (!total.find() || !slowest.find()) throw new IOException("benchmark said what is not understood:\n" + output);
        TreeMap<Double, Double> millis = new TreeMap<>();
        millis.put(100.0, Double.parseDouble(slowest.group(1)) * 1e3);
        PERCENT.matcher(output).results()
                .forEach(at -> millis.put(Double.valueOf(at.group(1)), Double.parseDouble(at.group(2)) * 1e3));
        long answered = BAR.matcher(output).results().mapToLong(bar -> Long.parseLong(bar.group(1))).sum();
        Matcher error = ERROR.matcher(output);
        return new LoadResult(answered, requests - answered, (long) (Double.parseDouble(total.group(1)) * 1e9),
                percent -> millis.ceilingEntry(percent).getValue(), error.find() ? error.group(1).strip() : "");
    }
}
