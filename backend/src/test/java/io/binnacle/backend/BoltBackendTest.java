package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltOptions;
import io.binnacle.bolt.BoltSnapshot;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.SystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoltBackendTest {
    private final Disk disk = new SystemDisk();
    private final ManualClock clock = new ManualClock();
    private final List<Throwable> fatal = new ArrayList<>();
    private final BackendConfig config = BackendConfig.defaults(() -> {}, () -> {}, fatal::add).withFile(0, false);

    private final Path directory;
    private BoltBackend backend;

    BoltBackendTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        backend = open("db");
    }

    @AfterEach
    void close() {
        backend.close();
        assertThat(fatal).isEmpty();
    }

    private BoltBackend open(String name) throws IOException, InterruptedException {
        return BoltBackend.open(disk, directory.resolve(name), config, clock, () -> {});
    }

    private void put(long index, String value) {
        backend.put(Bucket.KEY, RevisionKey.put(index + 1, 0), Bytes.utf8(value));
        backend.entryApplied(index, 3);
    }

    @Test
    void aFreshFileHasTheBucketsOfEtcd() {
        try (Checkpoint checkpoint = backend.checkpoint()) {
            assertThat(checkpoint.state()).isEqualTo(Checkpoint.State.READY);
            assertThat(checkpoint.bucketNames().stream().map(Bytes::toUtf8)).containsExactly(
                    "alarm", "auth", "authRoles", "authUsers", "cluster", "key", "lease", "members", "members_removed",
                    "meta");
        }
    }

    @Test
    void aBufferIsCommittedAHundredMillisecondsAfterItsFirstWrite() throws Exception {
        put(1, "a");
        clock.advanceMillis(99);
        assertThat(backend.committer().doWork()).isZero();
        assertThat(backend.consistentIndex()).isZero();

        clock.advanceMillis(1);
        assertThat(backend.committer().nextDeadlineNanos()).isLessThanOrEqualTo(clock.nanoTime());
        assertThat(backend.committer().doWork()).isEqualTo(1);
        assertThat(backend.consistentIndex()).isEqualTo(1);
        assertThat(backend.consistentTerm()).isEqualTo(3);
        assertThat(backend.uncommittedBytes()).isZero();
    }

    @Test
    void whatBelongsToNoEntryIsCommittedWithIndexAndTermOfTheLast() throws Exception {
        put(1, "a");
        backend.put(Bucket.AUTH, Bytes.utf8("k"), Bytes.utf8("v"));
        backend.maintained();
        long before = backend.fileStates();
        backend.committer().onClose();
        assertThat(backend.fileStates()).isGreaterThan(before);
        assertThat(backend.consistentIndex()).isEqualTo(1);
        assertThat(backend.consistentTerm()).isEqualTo(3);
        assertThat(backend.view().get(Bucket.AUTH, Bytes.utf8("k"))).isEqualTo(Bytes.utf8("v"));
    }

    @Test
    void anEntryUnderWayIsNeverCutInHalf() throws Exception {
        put(1, "a");
        backend.put(Bucket.KEY, RevisionKey.put(3, 0), Bytes.utf8("half"));
        clock.advanceMillis(1000);
        assertThat(backend.committer().doWork()).isZero();

        backend.put(Bucket.KEY, RevisionKey.put(3, 1), Bytes.utf8("whole"));
        backend.entryApplied(2, 3);
        assertThat(backend.committer().doWork()).isEqualTo(1);
        assertThat(backend.consistentIndex()).isEqualTo(2);
    }

    @Test
    void aViewOutlivesCommitsThatChangeWhatItSaw() throws Exception {
        backend.put(Bucket.LEASE, Bytes.utf8("l"), Bytes.utf8("old"));
        put(1, "a");
        BackendView before = backend.view();
        for (int index = 2; index < 50; index++) {
            backend.put(Bucket.LEASE, Bytes.utf8("l"), Bytes.utf8("new" + index));
            backend.delete(Bucket.KEY, RevisionKey.put(2, 0));
            put(index, "b".repeat(3000));
            clock.advanceMillis(100);
            assertThat(backend.committer().doWork()).isEqualTo(1);
        }

        assertThat(before.get(Bucket.LEASE, Bytes.utf8("l"))).isEqualTo(Bytes.utf8("old"));
        assertThat(before.get(Bucket.KEY, RevisionKey.put(2, 0))).isEqualTo(Bytes.utf8("a"));
        assertThat(Stores.contents(before, Bucket.KEY, Bytes.EMPTY, null)).hasSize(1);
        before.release();
        assertThat(before.acquire()).isFalse();
        assertThat(backend.view().get(Bucket.KEY, RevisionKey.put(2, 0))).isNull();
    }

    @Test
    void aCheckpointIsTheStateOfItsEntryThoughLaterOnesWait() throws Exception {
        put(1, "a");
        Checkpoint first = backend.checkpoint();
        put(2, "b");
        Checkpoint second = backend.checkpoint();
        put(3, "c");
        clock.advanceMillis(500);
        List<Long> settled = new ArrayList<>();
        first.onSettled(() -> settled.add(backend.consistentIndex()));
        second.onSettled(() -> settled.add(backend.consistentIndex()));
        backend.committer().onClose();

        assertThat(settled).containsExactly(1L, 2L);
        assertThat(Stores.contents(first, Bucket.KEY)).hasSize(1);
        assertThat(Stores.contents(second, Bucket.KEY)).hasSize(2);
        first.close();
        second.close();
    }

    @Test
    void theImageOfACheckpointIsADatabaseOfItsOwn() throws Exception {
        for (int index = 1; index < 500; index++) put(index, "v" + index);
        backend.committer().onClose();
        Path copy = directory.resolve("copy");
        try (Checkpoint checkpoint = backend.checkpoint();
                DiskFile target = disk.open(copy, Disk.Open.CREATE_NEW)) {
            ByteBuffer piece = ByteBuffer.allocate(1000);
            for (long offset = 0; offset < checkpoint.lengthBytes(); ) {
                int copied = checkpoint.copyTo(offset, piece.clear());
                target.write(offset, piece.flip());
                offset += copied;
            }
        }
        try (BoltFile file = BoltFile.open(disk, copy, BoltOptions.defaults());
                BoltSnapshot snapshot = file.snapshot()) {
            assertThat(file.check(snapshot)).isEmpty();
        }
        try (BoltBackend other = open("copy")) {
            assertThat(other.consistentIndex()).isEqualTo(499);
            Stores.assertSame(other.view(), backend.view());
        }
    }

    @Test
    void aReplacedFileShowsAtOnceAndTheOldOneLivesWithItsReaders() throws Exception {
        try (BoltBackend received = open("received")) {
            received.put(Bucket.AUTH, Bytes.utf8("k"), Bytes.utf8("received"));
            received.entryApplied(70, 9);
            received.committer().onClose();
        }
        put(1, "a");
        backend.committer().onClose();
        put(2, "dropped");
        BackendView old = backend.view();
        Checkpoint waiting = backend.checkpoint();
        DefragmentJob job = backend.defragment();

        backend.replace(directory.resolve("received"));

        assertThat(waiting.state()).isEqualTo(Checkpoint.State.FAILED);
        assertThat(job.state()).isEqualTo(DefragmentJob.State.FAILED);
        assertThat(backend.appliedIndex()).isEqualTo(70);
        assertThat(backend.consistentTerm()).isEqualTo(9);
        assertThat(backend.uncommittedBytes()).isZero();
        assertThat(backend.view().get(Bucket.AUTH, Bytes.utf8("k"))).isEqualTo(Bytes.utf8("received"));
        assertThat(backend.view().get(Bucket.KEY, RevisionKey.put(2, 0))).isNull();
        assertThat(old.get(Bucket.KEY, RevisionKey.put(2, 0))).isEqualTo(Bytes.utf8("a"));
        assertThat(old.get(Bucket.KEY, RevisionKey.put(3, 0))).isEqualTo(Bytes.utf8("dropped"));
        old.release();
        assertThat(Files.exists(directory.resolve("received"))).isFalse();
        put(71, "after");
        backend.committer().onClose();
        assertThat(backend.consistentIndex()).isEqualTo(71);
    }

    @Test
    void aSecondOpenerWaitsForTheLock() throws Exception {
        Thread opener = Thread.ofPlatform().start(() -> {
            try {
                open("db").close();
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(opener.join(Duration.ofMillis(200))).isFalse();
        backend.close();
        assertThat(opener.join(Duration.ofSeconds(10))).isTrue();
        backend = open("db");
    }

    @Test
    void aDefragmentationGivesBackWhatWasDeleted() throws Exception {
        for (int index = 1; index < 3000; index++) put(index, "v".repeat(500));
        backend.committer().onClose();
        for (int index = 1; index < 2900; index++) backend.delete(Bucket.KEY, RevisionKey.put(index + 1, 0));
        backend.entryApplied(3000, 3);
        backend.committer().onClose();
        long before = backend.sizeBytes();

        DefragmentJob job = backend.defragment();
        for (int step = 0; step < 1000 && job.state() == DefragmentJob.State.RUNNING; step++) {
            backend.committer().doWork();
            clock.advanceMillis(20);
        }

        assertThat(job.state()).isEqualTo(DefragmentJob.State.DONE);
        assertThat(job.bytesBefore()).isEqualTo(before);
        assertThat(job.bytesAfter()).isEqualTo(backend.sizeBytes()).isLessThan(before / 8);
        assertThat(Files.size(directory.resolve("db"))).isLessThan(before / 4);
        assertThat(Stores.contents(backend.view(), Bucket.KEY, Bytes.EMPTY, null)).hasSize(100);
    }

    @Test
    void aDefragmentedFileIsHardlyLongerThanAFullCopy() throws Exception {
        for (int index = 1; index < 4000; index++) put(index, "v".repeat(100 + index % 300));
        backend.committer().onClose();
        for (int index = 1; index < 4000; index++) {
            if (index % 5 != 0) backend.delete(Bucket.KEY, RevisionKey.put(index + 1, 0)); // holes in every page
            if (index % 9 == 0) backend.put(Bucket.LEASE, Bytes.utf8("lease" + index % 997), Bytes.utf8("l".repeat(90)));
        }
        backend.entryApplied(4000, 3);
        backend.committer().onClose();
        BackendView before = backend.view();
        List<Map.Entry<Bytes, Bytes>> pairs = Stores.contents(before, Bucket.KEY, Bytes.EMPTY, null);
        before.release();

        DefragmentJob job = backend.defragment();
        for (int step = 0; step < 2000 && job.state() == DefragmentJob.State.RUNNING; step++) {
            backend.committer().doWork();
            clock.advanceMillis(20);
        }

        assertThat(job.state()).isEqualTo(DefragmentJob.State.DONE);
        BackendView after = backend.view();
        assertThat(Stores.contents(after, Bucket.KEY, Bytes.EMPTY, null)).isEqualTo(pairs);
        try (BoltBackend copy = open("full-copy")) {
            for (Bucket bucket : Bucket.byName()) {
                after.scan(bucket, Bytes.EMPTY, null, (key, value) -> {
                    copy.put(bucket, key, value);
                    return true;
                });
            }
            copy.entryApplied(4000, 3);
            copy.committer().onClose();
            System.out.println("defragmented " + backend.sizeBytes() + " bytes, full copy " + copy.sizeBytes());
            assertThat(backend.sizeBytes()).isLessThan(copy.sizeBytes() * 11 / 10 + 8 * 4096);
        }
        after.release();
    }
}
