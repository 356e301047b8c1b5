package io.binnacle.bench.scenario;

import io.binnacle.bench.load.Connection;
import io.binnacle.bench.load.Load;
import io.binnacle.bench.load.LoadResult;
import io.binnacle.bench.load.Method;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.process.Metrics;
import io.binnacle.bench.process.ProcReading;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;

/**
 * As many requests as the server answers: rate, server CPU and syncs per request.
 *
 * @param name its name
 * @param about what it does
 * @param warmUp requests before counting begins, at full scale
 * @param requests requests counted, at full scale
 * @param writes whether each request makes a revision
 * @param source makes the load for a server
 */
record Throughput(String name, String about, long warmUp, long requests, boolean writes, Source source) implements Scenario {

    /** What {@code get} and {@code txn} find. */
    static final String EXISTING = "bench/one/";
    static final int VALUE_BYTES = 256;

    /** Makes a load. */
    @FunctionalInterface
    interface Source {
        Load of(Bed bed, ServerProcess server) throws IOException;
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        try (ServerProcess server = bed.fresh();
                Connection connection = Connection.to(server.clientPort());
                Load load = source.of(bed, server)) {
            connection.await(Request.put(EXISTING, VALUE_BYTES), 60);
            LoadResult warm = load.run(server, bed.scale().count(warmUp));
            Figures figures = measure(server, load, bed.scale().count(requests), writes);
            figures.check(warm.failed() == 0, "warm-up: " + warm.failed() + " failed, " + warm.firstFailure());
            return figures;
        }
    }

    /** Runs a load between two readings of everything. */
    static Figures measure(ServerProcess server, Load load, long requests, boolean writes)
            throws IOException, InterruptedException {
        long revisionBefore = ServerState.revision(server);
        Metrics metricsBefore = server.metrics();
        ProcReading before = server.reading();
        LoadResult result = load.run(server, requests);
        ProcReading after = server.reading();
        Metrics metrics = server.metrics();
        long grown = ServerState.revision(server) - revisionBefore;
        double okCalls = metrics.okCalls(load.method().shortName()) - metricsBefore.okCalls(load.method().shortName());

        Figures figures = new Figures();
        figures.more("requests/s", result.perSecond());
        figures.less("server CPU µs/request", (after.cpuNanos() - before.cpuNanos()) / 1e3 / requests);
        figures.less("latency p50 ms", result.millis(50));
        figures.less("latency p99 ms", result.millis(99));
        figures.less("latency worst ms", result.worstMillis());
        if (writes) figures.less("syncs/request", (metrics.syncs() - metricsBefore.syncs()) / requests);
        figures.less("voluntary switches/request", (double) (after.voluntarySwitches() - before.voluntarySwitches()) / requests);
        figures.check(result.failed() == 0, result.failed() + " failed, " + result.firstFailure());
        long expected = writes ? result.answered() : 0;
        figures.check(grown == expected, "revision grew by " + grown + ", acknowledged were " + expected);
        // The revision is asked for once within the two readings of the metrics only if ranges are what is counted.
        long ownProbes = load.method() == Method.RANGE ? 1 : 0;
        figures.check(okCalls >= result.answered() && okCalls <= result.answered() + ownProbes,
                "the server counts " + (long) okCalls + " good calls, the client " + result.answered());
        return figures;
    }
}
