package io.binnacle.bench.scenario;

import io.binnacle.bench.load.ClosedLoop;
import io.binnacle.bench.load.Connection;
import io.binnacle.bench.load.LoadResult;
import io.binnacle.bench.load.Method;
import io.binnacle.bench.load.PacedLoop;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A store of 1.4 GB under 5,000 puts a second while it is compacted, saved and defragmented, one after the other: how
 * long the worst put takes that was due meanwhile, refused ones, and what the file's size becomes.
 */
final class Maintenance implements Scenario {

    private static final String PREFIX = "bench/maintenance/";
    private static final int VALUE_BYTES = 1024;
    /** Each is written twice, so that compaction has half of the store to delete. */
    private static final long KEYS = 600_000;
    private static final int PUTS_PER_SECOND = 5_000;
    private static final long QUIET_MILLIS = 10_000;
    private static final long OPERATION_SECONDS_MAX = 600;

    /** What an operation does while puts go on. */
    @FunctionalInterface
    private interface Operation {
        void run(Connection connection) throws IOException, InterruptedException;
    }

    @Override
    public String name() {
        return "maintenance";
    }

    @Override
    public String about() {
        return "a 1.4 GB store under 5,000 puts/s of 1 KiB (latency from the moment a put was due) while it is compacted"
                + " (physical), saved and defragmented";
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        long keys = bed.scale().count(KEYS);
        Request put = Request.put(PREFIX, VALUE_BYTES);
        try (ServerProcess server = bed.seeded("maintenance", seed -> fill(seed, put, keys));
                Connection connection = Connection.to(server.clientPort());
                PacedLoop puts = new PacedLoop(server.clientPort(), put, keys,
                        bed.scale().rate(PUTS_PER_SECOND))) {
            Figures figures = new Figures();
            figures.less("dbSize before MB", ServerState.dbSizeBytes(server) / 1e6);
            TimeUnit.MILLISECONDS.sleep(bed.scale().millis(QUIET_MILLIS)); // warms the server
            puts.phase();
            TimeUnit.MILLISECONDS.sleep(bed.scale().millis(QUIET_MILLIS));
            note(figures, "quiet", puts.phase());

            long revision = ServerState.revision(server);
            during(figures, "compaction", puts, connection,
                    to -> to.await(Request.physicalCompaction(revision), OPERATION_SECONDS_MAX));
            during(figures, "save", puts, connection,
                    from -> from.drain(Request.empty(Method.SNAPSHOT), OPERATION_SECONDS_MAX));
            during(figures, "defragmentation", puts, connection,
                    to -> to.await(Request.empty(Method.DEFRAGMENT), OPERATION_SECONDS_MAX));
            figures.less("dbSize after defragmentation MB", ServerState.dbSizeBytes(server) / 1e6);
            return figures;
        }
    }

    private static void fill(ServerProcess server, Request put, long keys) throws IOException, InterruptedException {
        for (int round = 0; round < 2; round++) {
            try (ClosedLoop load = ClosedLoop.ascending(server.clientPort(), 10, 100, put)) {
                LoadResult filled = load.run(server, keys);
                if (filled.failed() > 0) throw new IOException("filling the store: " + filled.firstFailure());
            }
        }
    }

    private static void during(Figures figures, String name, PacedLoop puts, Connection connection, Operation operation)
            throws IOException, InterruptedException {
        puts.phase();
        long startNanos = System.nanoTime();
        operation.run(connection);
        figures.less(name + " seconds", (System.nanoTime() - startNanos) / 1e9);
        note(figures, "during " + name, puts.phase());
    }

    private static void note(Figures figures, String when, LoadResult result) {
        figures.less(String.format(Locale.ROOT, "worst put %s ms", when), result.worstMillis());
        figures.less(String.format(Locale.ROOT, "put p99 %s ms", when), result.millis(99));
        figures.less("puts refused " + when, (double) result.failed());
    }
}
