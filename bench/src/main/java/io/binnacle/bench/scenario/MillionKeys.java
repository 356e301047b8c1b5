package io.binnacle.bench.scenario;

import io.binnacle.bench.load.ClosedLoop;
import io.binnacle.bench.load.LoadResult;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.process.MemoryWatch;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A million keys of 1 KiB: the memory while they are written and afterwards, and the start with them. */
final class MillionKeys implements Scenario {

    private static final long KEYS = 1_000_000;
    private static final int VALUE_BYTES = 1024;
    private static final long SETTLE_MILLIS = 30_000;

    @Override
    public String name() {
        return "million-keys";
    }

    @Override
    public String about() {
        return "a million keys of 1 KiB written by 10 × 100 streams, 30 s of rest, then a restart";
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        long keys = bed.scale().count(KEYS);
        Figures figures = new Figures();
        try (ServerProcess server = bed.fresh();
                MemoryWatch memory = server.watchMemory();
                ClosedLoop load = ClosedLoop.ascending(server.clientPort(), 10, 100, Request.put("bench/million/", VALUE_BYTES))) {
            long before = ServerState.revision(server);
            LoadResult filled = load.run(server, keys);
            figures.check(filled.failed() == 0, filled.failed() + " failed, " + filled.firstFailure());
            figures.check(ServerState.revision(server) - before == keys, "the revision did not grow by the keys written");
            figures.more("puts/s while filling", filled.perSecond());
            TimeUnit.MILLISECONDS.sleep(bed.scale().millis(SETTLE_MILLIS));
            figures.less("peak anonymous MB", memory.peakBytes() / 1e6);
            figures.less("settled anonymous MB", server.reading().anonymousBytes() / 1e6);
        }
        try (ServerProcess server = bed.again(); MemoryWatch memory = server.watchMemory()) {
            figures.less("start to serving ms", server.servingNanos() / 1e6);
            TimeUnit.MILLISECONDS.sleep(bed.scale().millis(SETTLE_MILLIS));
            figures.less("peak anonymous after start MB", memory.peakBytes() / 1e6);
            figures.less("settled anonymous after start MB", server.reading().anonymousBytes() / 1e6);
            figures.check(ServerState.revision(server) == keys + 1, "the revision is another after the restart");
        }
        return figures;
    }
}
