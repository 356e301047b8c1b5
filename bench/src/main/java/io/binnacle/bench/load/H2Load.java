package io.binnacle.bench.load;

import io.binnacle.bench.process.ServerProcess;
import io.binnacle.bench.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * nghttp2's load generator: the cheapest client there is, but every request is the same bytes. It counts a call that
 * ended with a gRPC error as answered, so whoever uses it checks with the server's own counts.
 */
public final class H2Load implements Load {

    private static final Pattern FINISHED = Pattern.compile("finished in ([0-9.]+)(us|ms|s|m),");
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final long SECONDS_MAX = 600;

    private final Request request;
    private final int connections;
    private final int streams;

    /** So many connections with so many calls in flight on each. */
    public H2Load(Request request, int connections, int streams) {
        this.request = request;
        this.connections = connections;
        this.streams = streams;
    }

    @Override
    public Method method() {
        return request.method();
    }

    @Override
    public LoadResult run(ServerProcess server, long requests) throws IOException, InterruptedException {
        Path body = Files.createTempFile("bench-body", ".bin");
        Path log = Files.createTempFile("bench-h2load", ".tsv");
        try {
            Files.write(body, request.framed());
            String output = Tool.run(List.of("h2load", "-n", Long.toString(requests), "-c", Integer.toString(connections),
                    "-m", Integer.toString(streams), "-t", "1", "-d", body.toString(), "--log-file=" + log,
                    "-H", "content-type: application/grpc", "-H", "te: trailers", "-H", ":method: POST",
                    "http://127.0.0.1:" + server.clientPort() + "/" + request.method().path()), SECONDS_MAX);
            return result(output, latencies(log), requests);
        } finally {
            Files.delete(body);
            Files.delete(log);
        }
    }

    /** One line a request: start, HTTP status and duration, in microseconds. */
    private static Histogram latencies(Path log) throws IOException {
        Histogram latencies = new Histogram(3);
        try (var lines = Files.lines(log)) {
            lines.forEach(line -> {
                String[] fields = line.split("\t", -1);
                latencies.recordValue(Math.max(0, Long.parseLong(fields[2])) * 1_000);
            });
        }
        return latencies;
    }

    static LoadResult result(String output, Histogram latencies, long requests) throws IOException {
        Matcher finished = FINISHED.matcher(output);
        Matcher counts = REQUESTS.matcher(output);
        if (!finished.find() || !counts.find()) throw new IOException("h2load said what is not understood:\n" + output);
        double seconds = Double.parseDouble(finished.group(1)) * switch (finished.group(2)) {
            case "us" -> 1e-6;
            case "ms" -> 1e-3;
            case "m" -> 60;
            default -> 1;
        };
        long answered = Long.parseLong(counts.group(1));
        return new LoadResult(answered, requests - answered, (long) (seconds * 1e9), LoadResult.latencies(latencies),
                answered == requests ? "" : "h2load: " + counts.group());
    }
}
