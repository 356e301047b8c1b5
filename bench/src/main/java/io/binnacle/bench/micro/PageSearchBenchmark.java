package io.binnacle.bench.micro;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltBucket;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltOptions;
import io.binnacle.bolt.BoltSnapshot;
import io.binnacle.bolt.BoltWriter;
import io.binnacle.io.SystemDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Look-ups in a bbolt file of 200,000 keys of 20 bytes with values of 256, all in the page cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageSearchBenchmark {

    private static final int KEYS = 200_000;
    private static final Bytes BUCKET = Bytes.utf8("key");

    /** What a look-up needs; made at once, since none of it can be missing. */
    private record Opened(Path directory, BoltFile file, BoltSnapshot snapshot, BoltBucket bucket) {}

    private final Bytes[] names = Keys.first(KEYS);
    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable Opened opened;

    /** Writes the file. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        Path directory = Files.createTempDirectory("bench-bolt");
        BoltFile file = BoltFile.open(new SystemDisk(), directory.resolve("db"), BoltOptions.defaults().withNoSync(true));
        BoltWriter writer = file.begin();
        writer.createBucket(BUCKET);
        Bytes value = Keys.value(256);
        for (Bytes name : names) writer.put(BUCKET, name, value);
        writer.commit();
        BoltSnapshot snapshot = file.snapshot();
        BoltBucket bucket = snapshot.bucket(BUCKET);
        if (bucket == null) throw new IllegalStateException("the bucket is not in the file");
        opened = new Opened(directory, file, snapshot, bucket);
    }

    /** A value in place. */
    @Benchmark
    public @Nullable MemorySegment find() {
        return bucket().getSegment(names[random.nextInt(KEYS)]);
    }

    /** A value copied out. */
    @Benchmark
    public @Nullable Bytes get() {
        return bucket().get(names[random.nextInt(KEYS)]);
    }

    private BoltBucket bucket() {
        Opened here = opened;
        if (here == null) throw new IllegalStateException("not filled");
        return here.bucket();
    }

    /** Deletes the file. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Opened here = opened;
        if (here == null) return;
        here.snapshot().close();
        here.file().close();
        Files.delete(here.directory().resolve("db"));
        Files.delete(here.directory());
    }
}
