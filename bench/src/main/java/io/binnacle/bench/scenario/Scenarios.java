package io.binnacle.bench.scenario;

import io.binnacle.bench.load.ClosedLoop;
import io.binnacle.bench.load.EtcdBenchmark;
import io.binnacle.bench.load.H2Load;
import io.binnacle.bench.load.Method;
import io.binnacle.bench.load.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All scenarios, in the order they run. */
public final class Scenarios {

    private static final String ONE = Throughput.EXISTING;
    private static final int VALUE_BYTES = Throughput.VALUE_BYTES;
    private static final long KEY_SPACE = 1_000_000;
    private static final long WARM_UP = 300_000;

    private Scenarios() {}

    /** The list. */
    public static List<Scenario> all() {
        Request put = Request.put(ONE, VALUE_BYTES);
        Request get = Request.get(ONE, false);
        Request random = Request.put("bench/random/", VALUE_BYTES);
        return List.of(
                new Throughput("put", "h2load, 10 connections × 100 streams, puts of 256 bytes to one key",
                        WARM_UP, 500_000, true, (_, _) -> new H2Load(put, 10, 100)),
                new Throughput("put-random", "own generator, 10 × 100, puts of 256 bytes to random keys of a million",
                        WARM_UP, 500_000, true, (_, server) -> ClosedLoop.random(server.clientPort(), 10, 100, random, KEY_SPACE)),
                new Throughput("put-16000", "own generator, 160 × 100, puts of 256 bytes to random keys of a million",
                        WARM_UP, 500_000, true, (_, server) -> ClosedLoop.random(server.clientPort(), 160, 100, random, KEY_SPACE)),
                new Throughput("get", "h2load, 10 × 100, linearizable gets of one key of 256 bytes",
                        WARM_UP, 500_000, false, (_, _) -> new H2Load(get, 10, 100)),
                new Throughput("get-serializable", "h2load, 10 × 100, serializable gets of one key of 256 bytes",
                        WARM_UP, 500_000, false, (_, _) -> new H2Load(Request.get(ONE, true), 10, 100)),
                new Throughput("txn", "h2load, 10 × 100, guarded updates (if the key exists put 256 bytes, else get)",
                        WARM_UP, 500_000, true, (_, _) -> new H2Load(Request.guardedUpdate(ONE, VALUE_BYTES), 10, 100)),
                new Throughput("tool-put", "etcd's benchmark, 10 connections, 1,000 clients, puts of 256 bytes to random keys of a million",
                        100_000, 200_000, true, (bed, _) -> benchmark(bed, Method.PUT, "put", "--val-size=256",
                                "--key-size=16", "--key-space-size=" + KEY_SPACE)),
                new Throughput("tool-range", "etcd's benchmark, 10 connections, 1,000 clients, linearizable gets of one key",
                        100_000, 200_000, false, (bed, _) -> benchmark(bed, Method.RANGE, "range", "--consistency=l", ONE + "0000000000")),
                new LoneStream("put-lone", "h2load, 1 × 1, puts of 256 bytes to one key, server warm", put, 20_000, true),
                new LoneStream("get-lone", "h2load, 1 × 1, linearizable gets of one key, server warm", get, 20_000, false),
                new EmptyStart(),
                new MillionKeys(),
                new SlowReaders(),
                new ManyWatchers(),
                new Maintenance());
    }

    private static EtcdBenchmark benchmark(Bed bed, Method method, String... arguments) throws IOException {
        Path program = bed.etcdBenchmark();
        if (program == null) throw new MissingTool("etcd's benchmark; name its directory in BINNACLE_ETCD37");
        return new EtcdBenchmark(program, method, List.of(arguments));
    }
}
