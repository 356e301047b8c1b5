package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.io.SystemClock;
import io.binnacle.io.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoltBackendThreadsTest {
    private static final int ENTRIES = Integer.getInteger("test.count", 20_000);

    private final BlockedSyncDisk disk = new BlockedSyncDisk(new SystemDisk());
    private final Path directory;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<CompletableFuture<Long>> threads = new ArrayList<>();

    BoltBackendThreadsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private BoltBackend open(long uncommittedMax) throws IOException, InterruptedException {
        BackendConfig config = BackendConfig.defaults(() -> {}, () -> {}, cause -> {})
                .withBytes(uncommittedMax, 16 << 10, 64 << 10)
                .withFile(0, false);
        return BoltBackend.open(disk, Stores.database(directory), config, new SystemClock(), () -> {});
    }

    /** Starts a thread that works until told to stop; its future holds how often it did something. */
    private void start(IntSupplier work) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        threads.add(done);
        Thread.ofPlatform().start(() -> {
            long turns = 0;
            try {
                while (!stop.get()) {
                    if (work.getAsInt() > 0) turns++;
                    else LockSupport.parkNanos(100_000);
                }
                done.complete(turns);
            } catch (RuntimeException | AssertionError e) { // handed to the test's thread
                done.completeExceptionally(e);
            }
        });
    }

    private void startCommitter(Backend backend) {
        start(() -> {
            try {
                return backend.committer().doWork();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void joinAll() throws Exception {
        stop.set(true);
        for (CompletableFuture<Long> thread : threads) {
            assertThat(thread.get(30, TimeUnit.SECONDS)).isPositive();
        }
    }

    /** Entry n puts revision n+1 and counts n in a small bucket, and deletes revision n-100. */
    private static void apply(Backend backend, long entry) {
        backend.put(Bucket.KEY, RevisionKey.put(entry + 1, 0), Bytes.utf8("value of " + entry));
        backend.put(Bucket.LEASE, Bytes.utf8("count"), MetaKeys.number(entry));
        if (entry > 100) backend.delete(Bucket.KEY, RevisionKey.put(entry - 100, 0));
        backend.entryApplied(entry, 1);
    }

    /** Checks that a view is the state after exactly one entry. */
    private static void assertConsistent(BackendView view, Random random) {
        long count = MetaKeys.number(view.get(Bucket.LEASE, Bytes.utf8("count")));
        long[] next = {Math.max(2, count - 99)};
        view.scan(Bucket.KEY, Bytes.EMPTY, null, (key, value) -> {
            assertThat(RevisionKey.main(key)).isEqualTo(next[0]++);
            assertThat(value).isEqualTo(Bytes.utf8("value of " + (RevisionKey.main(key) - 1)));
            return true;
        });
        assertThat(next[0]).isEqualTo(Math.max(2, count + 2));
        if (count > 0) {
            long main = Math.max(2, count + 1 - random.nextInt(90));
            assertThat(view.revisions().value(main, 0)).isEqualTo(Bytes.utf8("value of " + (main - 1)));
        }
    }

    @Test
    void readersSeeWholeEntriesWhileCommitsAndDefragmentationRun() throws Exception {
        long seed = Stores.seed("readersSeeWholeEntriesWhileCommitsAndDefragmentationRun");
        BoltBackend backend = open(1 << 20);
        AtomicReference<BackendView> published = new AtomicReference<>(backend.view());
        startCommitter(backend);
        for (int reader = 0; reader < 3; reader++) {
            Random random = new Random(seed + reader);
            start(() -> {
                BackendView view = Objects.requireNonNull(published.get());
                if (!view.acquire()) return 0;
                assertConsistent(view, random);
                if (random.nextInt(10) == 0) LockSupport.parkNanos(1_000_000);
                assertConsistent(view, random);
                view.release();
                return 1;
            });
        }

        for (long entry = 1; entry <= ENTRIES; entry++) {
            while (backend.full()) LockSupport.parkNanos(100_000);
            apply(backend, entry);
            if (entry % 16 == 0) {
                BackendView old = published.getAndSet(backend.view());
                old.release();
            }
            if (entry % (ENTRIES / 10) == 0) backend.defragment();
        }

        joinAll();
        Objects.requireNonNull(published.get()).release();
        backend.committer().onClose();
        assertThat(backend.consistentIndex()).isEqualTo(ENTRIES);
        backend.close();
        try (BoltBackend reopened = open(1 << 20)) {
            BackendView view = reopened.view();
            assertConsistent(view, new Random(seed));
            view.release();
        }
    }

    @Test
    void aHangingSyncDelaysCommitsButNeverWritesViewsOrReads() throws Exception {
        try (BoltBackend backend = open(256 << 10)) {
            startCommitter(backend);
            disk.block();
            apply(backend, 1);
            disk.awaitSync();

            long entry = 1;
            Random random = new Random(1);
            long slowest = 0;
            while (!backend.full()) { // the bound is reached by writes alone, or this never ends
                long before = System.nanoTime();
                apply(backend, ++entry);
                BackendView view = backend.view();
                slowest = Math.max(slowest, System.nanoTime() - before);
                if (entry % 100 == 0) assertConsistent(view, random);
                view.release();
            }
            assertThat(backend.pressed()).isTrue();
            assertThat(backend.consistentIndex()).isZero();
            assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(2));

            disk.unblock();
            while (backend.uncommittedBytes() > 32 << 10) LockSupport.parkNanos(1_000_000);
            assertThat(backend.full()).isFalse();
            joinAll();
            backend.committer().onClose();
            assertThat(backend.consistentIndex()).isEqualTo(entry);
        }
    }
}
