package io.binnacle.bench.micro;

import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.RequestHeader;
import io.binnacle.backend.BackendConfig;
import io.binnacle.backend.BoltBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.AgentThread;
import io.binnacle.io.SystemClock;
import io.binnacle.io.SystemDisk;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.LeaseBook;
import io.binnacle.mvcc.MvccConfig;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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

/**
 * One entry through the store: decoded, written to index and backend, with a view after every {@value #BATCH} entries,
 * while the committer writes pages on its own thread. The apply loop waits for it where the backend is full, as in a
 * member, so a long run measures the slower of the two.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx3g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApplyBenchmark {

    private static final int BATCH = 64;
    private static final int KEYS = 100_000;
    private static final long FULL_PAUSE_NANOS = 100_000;

    private Bytes[] entries = {};
    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable Store opened;

    /** Opens the store and makes the entries. */
    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
        entries = new Bytes[KEYS];
        Bytes value = Keys.value(256);
        for (int at = 0; at < KEYS; at++) {
            Bytes request = new Put(Keys.of(at), value, 0, false, false, false).encoded();
            entries[at] = RaftRequest.encode(RaftRequest.Kind.PUT, request, new RequestHeader(at + 1, "", 0));
        }
        opened = new Store(Files.createTempDirectory("bench-apply"));
    }

    /** A put of 256 bytes to a random key of 100,000. */
    @Benchmark
    public Outcome put() {
        Store store = opened;
        if (store == null) throw new IllegalStateException("not open");
        return store.apply(RaftRequest.decode(entries[random.nextInt(KEYS)]));
    }

    /** Ends the committer and deletes the file. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        Store store = opened;
        if (store != null) store.close();
    }

    private static final class Store {
        private final Path directory;
        private final BoltBackend backend;
        private final AgentThread committer;
        private final MvccStore store;
        private final KvExecutor executor;
        private MvccView view;
        private long index;

        Store(Path directory) throws IOException, InterruptedException {
            this.directory = directory;
            AtomicReference<@Nullable AgentThread> later = new AtomicReference<>();
            BackendConfig config = BackendConfig.defaults(() -> {
                AgentThread thread = later.get();
                if (thread != null) thread.wake();
            }, () -> {}, failure -> {
                throw new IllegalStateException("the committer failed", failure);
            });
            backend = BoltBackend.open(new SystemDisk(), directory.resolve("db"), config, new SystemClock(), () -> {});
            committer = new AgentThread(backend.committer(), new SystemClock(), (_, failure) -> {
                throw new IllegalStateException("the committer failed", failure);
            }, 0);
            later.set(committer);
            committer.start();
            store = MvccStore.restore(backend, MvccConfig.DEFAULT, (_, _) -> {});
            executor = new KvExecutor(store, new NoLeases());
            view = store.view();
        }

        Outcome apply(RaftRequest entry) {
            while (backend.full()) LockSupport.parkNanos(FULL_PAUSE_NANOS); // ends: the committer goes on or throws
            Outcome outcome = executor.put(Put.decode(entry.request()));
            backend.entryApplied(++index, 1);
            if (index % BATCH == 0) {
                MvccView before = view;
                view = store.view();
                before.release();
            }
            return outcome;
        }

        void close() throws IOException {
            view.release();
            committer.stop();
            backend.close();
            Files.delete(directory.resolve("db"));
            Files.delete(directory);
        }
    }

    /** No put here names a lease. */
    private static final class NoLeases implements LeaseBook {
        @Override
        public boolean exists(long leaseId) {
            return false;
        }

        @Override
        public void attach(long leaseId, Bytes key) {
            throw new IllegalStateException("a lease in a benchmark without leases");
        }

        @Override
        public void detach(long leaseId, Bytes key) {
            throw new IllegalStateException("a lease in a benchmark without leases");
        }
    }
}
