package io.binnacle.bench.micro;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyIndex;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The key index in its two extremes: a million keys of one revision, and one key of a million. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexBenchmark {

    private static final int REVISION_LENGTH = 300;

    /** Keys; the revisions are a million in all. */
    @Param({"1000000", "1"})
    public int keys;

    /** Puts between two views, that is entries applied in one batch. */
    @Param({"1", "64"})
    public int batch;

    private static final int REVISIONS = 1_000_000;

    private Bytes[] names = {};
    private KeyIndex index = new KeyIndex();
    private IndexView view = index.view();
    private final KeyRevision cell = new KeyRevision();
    private SplittableRandom random = new SplittableRandom(1);
    private long revision;

    /** Anew for each iteration, since puts make it grow. */
    @Setup(Level.Iteration)
    public void fill() {
        if (names.length != keys) names = Keys.first(keys);
        index = new KeyIndex();
        random = new SplittableRandom(1);
        for (revision = 2; revision < REVISIONS + 2; revision++) add(names[(int) (revision % keys)]);
        view = index.view();
    }

    /** An overwrite of a random key. */
    @Benchmark
    public IndexView put() {
        add(names[random.nextInt(keys)]);
        if (++revision % batch == 0) view = index.view();
        return view;
    }

    /** The newest revision of a random key. */
    @Benchmark
    public boolean findNewest() {
        return view.findLive(names[random.nextInt(keys)], Long.MAX_VALUE, cell);
    }

    /** A random key at a random revision of the past. */
    @Benchmark
    public boolean findPast() {
        return view.findLive(names[random.nextInt(keys)], 2 + random.nextInt(REVISIONS), cell);
    }

    private void add(Bytes key) {
        index.add(key, cell.put(revision, 0, revision, 1, REVISION_LENGTH, false));
    }
}
