package io.binnacle.bench.scenario;

import io.binnacle.bench.load.LoadResult;
import io.binnacle.bench.load.PacedLoop;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.load.WatchCrowd;
import io.binnacle.bench.process.ProcReading;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * 16,000 watchers of one prefix on 160 streams. 500 puts/s go elsewhere and 2 a second below the prefix, so the server
 * delivers 32,000 events/s. What the puts elsewhere feel of it, and what an event costs.
 */
final class ManyWatchers implements Scenario {

    private static final String WATCHED = "bench/watched/";
    private static final int STREAMS = 160;
    private static final long WATCHERS_PER_STREAM = 100;
    private static final int PUTS_PER_SECOND = 500;
    private static final int WATCHED_PUTS_PER_SECOND = 2;
    private static final long PHASE_MILLIS = 20_000;
    private static final long SECONDS_MAX = 120;

    @Override
    public String name() {
        return "watchers";
    }

    @Override
    public String about() {
        return "16,000 watchers of one prefix that gets 2 puts/s; latency of 500 puts/s elsewhere without and with them";
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        int perStream = (int) Math.max(1, WATCHERS_PER_STREAM / (bed.scale() == Scale.FULL ? 1 : 20));
        long phaseMillis = bed.scale().millis(PHASE_MILLIS);
        Figures figures = new Figures();
        try (ServerProcess server = bed.fresh();
                PacedLoop puts = new PacedLoop(server.clientPort(), Request.put("bench/other/", 256), 1_000,
                        bed.scale().rate(PUTS_PER_SECOND))) {
            TimeUnit.MILLISECONDS.sleep(phaseMillis); // warms the server
            puts.phase();
            ProcReading before = server.reading();
            TimeUnit.MILLISECONDS.sleep(phaseMillis);
            long quietCpuNanos = server.reading().cpuNanos() - before.cpuNanos();
            note(figures, "without watchers", puts.phase());
            try (WatchCrowd crowd = new WatchCrowd(server.clientPort(), WATCHED, STREAMS, perStream, SECONDS_MAX)) {
                figures.less("anonymous memory of the watchers MB",
                        (server.reading().anonymousBytes() - before.anonymousBytes()) / 1e6);
                puts.phase();
                measure(server, puts, crowd, new Crowd(STREAMS * perStream, phaseMillis, quietCpuNanos), figures);
            }
        }
        return figures;
    }

    /** How many watch, how long, and the CPU that the puts alone take in that time. */
    private record Crowd(int watchers, long phaseMillis, long quietCpuNanos) {}

    private static void measure(ServerProcess server, PacedLoop puts, WatchCrowd crowd, Crowd size, Figures figures)
            throws IOException, InterruptedException {
        ProcReading before = server.reading();
        long written;
        try (PacedLoop watched = new PacedLoop(server.clientPort(), Request.put(WATCHED, 256), 100, WATCHED_PUTS_PER_SECOND)) {
            TimeUnit.MILLISECONDS.sleep(size.phaseMillis());
            LoadResult result = watched.phase();
            written = result.answered();
            figures.check(result.failed() == 0, result.failed() + " watched puts failed, " + result.firstFailure());
        }
        long expected = written * size.watchers();
        figures.check(crowd.awaitEvents(expected, SECONDS_MAX), "of " + expected + " events arrived " + crowd.events());
        long cpuNanos = server.reading().cpuNanos() - before.cpuNanos() - size.quietCpuNanos();
        note(figures, "with watchers", puts.phase());
        figures.less("server CPU µs/event", cpuNanos / 1e3 / crowd.events());
    }

    private static void note(Figures figures, String when, LoadResult result) {
        figures.less("put p50 " + when + " ms", result.millis(50));
        figures.less("put p99 " + when + " ms", result.millis(99));
        figures.less("worst put " + when + " ms", result.worstMillis());
        figures.check(result.failed() == 0, result.failed() + " puts failed " + when + ", " + result.firstFailure());
    }
}
