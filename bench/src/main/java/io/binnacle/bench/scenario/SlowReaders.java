package io.binnacle.bench.scenario;

import io.binnacle.bench.load.ClosedLoop;
import io.binnacle.bench.load.Connection;
import io.binnacle.bench.load.LoadResult;
import io.binnacle.bench.load.PacedLoop;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.load.ThrottledLink;
import io.binnacle.bench.process.MemoryWatch;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Five clients that read a list of 100,000 keys in one answer each at 1 MB/s, while others put. */
final class SlowReaders implements Scenario {

    private static final String PREFIX = "bench/list/";
    private static final int READERS = 5;
    private static final long KEYS = 100_000;
    private static final int VALUE_BYTES = 256;
    private static final long BYTES_PER_SECOND = 1_000_000;
    private static final int PUTS_PER_SECOND = 1_000;
    private static final long QUIET_MILLIS = 10_000;
    private static final long LIST_SECONDS_MAX = 300;

    @Override
    public String name() {
        return "slow-readers";
    }

    @Override
    public String about() {
        return "five clients read 100,000 keys of 256 bytes each in one unary answer at 1 MB/s, while 1,000 puts/s go on";
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        long keys = bed.scale().count(KEYS);
        Figures figures = new Figures();
        try (ServerProcess server = bed.fresh()) {
            try (ClosedLoop load = ClosedLoop.ascending(server.clientPort(), 10, 100, Request.put(PREFIX, VALUE_BYTES))) {
                LoadResult filled = load.run(server, keys);
                figures.check(filled.failed() == 0, filled.failed() + " failed, " + filled.firstFailure());
            }
            Request put = Request.put("bench/other/", VALUE_BYTES);
            try (PacedLoop puts = new PacedLoop(server.clientPort(), put, 1_000,
                    bed.scale().rate(PUTS_PER_SECOND))) {
                TimeUnit.MILLISECONDS.sleep(bed.scale().millis(QUIET_MILLIS)); // warms the server
                puts.phase();
                TimeUnit.MILLISECONDS.sleep(bed.scale().millis(QUIET_MILLIS));
                note(figures, "quiet", puts.phase());
                long anonymousBefore = server.reading().anonymousBytes();
                long residentBefore = server.reading().residentBytes();
                try (MemoryWatch memory = server.watchMemory()) {
                    long shortest = readAll(server);
                    figures.less("anonymous memory growth MB", (memory.peakBytes() - anonymousBefore) / 1e6);
                    figures.less("RSS growth at the end MB", (server.reading().residentBytes() - residentBefore) / 1e6);
                    figures.check(shortest > keys * VALUE_BYTES, "a list of " + shortest + " bytes is too short");
                }
                note(figures, "with readers", puts.phase());
            }
        }
        return figures;
    }

    /** The bytes of the shortest answer. */
    private static long readAll(ServerProcess server) throws IOException, InterruptedException {
        List<Future<Integer>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int reader = 0; reader < READERS; reader++) {
                readers.add(threads.submit(() -> {
                    try (ThrottledLink link = new ThrottledLink(server.clientPort(), BYTES_PER_SECOND);
                            Connection connection = Connection.withSmallWindow(link.port())) {
                        return connection.await(Request.list(PREFIX), LIST_SECONDS_MAX).length;
                    }
                }));
            }
            long shortest = Long.MAX_VALUE;
            for (Future<Integer> reader : readers) shortest = Math.min(shortest, reader.get());
            return shortest;
        } catch (ExecutionException e) {
            throw new IOException("a slow reader failed", e.getCause());
        }
    }

    private static void note(Figures figures, String when, LoadResult result) {
        figures.less("put p99 " + when + " ms", result.millis(99));
        figures.less("worst put " + when + " ms", result.worstMillis());
        figures.check(result.failed() == 0, result.failed() + " puts failed " + when + ", " + result.firstFailure());
    }
}
