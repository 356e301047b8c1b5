package io.binnacle.bench.micro;

import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.RequestHeader;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a put of 256 bytes costs in codecs on its way through a member. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

    private final StrictWalk walk = StrictWalk.of(PutRequest.getDescriptor());
    private final Put put = new Put(Keys.of(7), Keys.value(256), 0, false, false, false);
    private final Bytes request = put.encoded();
    private final RequestHeader header = new RequestHeader(0x1234_5678_9abc_def0L, "", 0);
    private final Bytes envelope = RaftRequest.encode(RaftRequest.Kind.PUT, request, header);
    private final KeyValue pair = new KeyValue(put.key(), 1_000, 2_000, 3, put.value(), 0);

    /** The judgement whether a request may enter the log. */
    @Benchmark
    public StrictWalk.Verdict strictWalk() {
        return walk.judge(request);
    }

    /** The request as a record. */
    @Benchmark
    public Put decodePut() {
        return Put.decode(request);
    }

    /** The entry's bytes around the request's. */
    @Benchmark
    public Bytes encodeEnvelope() {
        return RaftRequest.encode(RaftRequest.Kind.PUT, request, header);
    }

    /** The entry's bytes taken apart. */
    @Benchmark
    public RaftRequest decodeEnvelope() {
        return RaftRequest.decode(envelope);
    }

    /** The stored pair. */
    @Benchmark
    public Bytes encodePair() {
        return pair.encoded();
    }
}
