package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Failing disks, closing order, and calls out of order. */
final class FailureTest {

    private static final Path DB = Path.of("/failing/db");
    private static final Bytes BUCKET = Bytes.utf8("b");

    @Test
    void aFailureAnywhereInACommitIsFinalAndLeavesTheStateBeforeOrAfter() {
        int failures = 0;
        for (int operations = 0; ; operations++) {
            MemoryDisk disk = new MemoryDisk();
            BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults());
            put(file, "one");
            BoltSnapshot pinned = file.snapshot();
            disk.operationsUntilFailure = operations;
            BoltWriter writer = file.begin();
            for (int key = 0; key < 3000; key++) writer.put(BUCKET, Bytes.utf8("key" + key), Bytes.utf8("two"));
            try {
                writer.commit();
                break; // the failure lies behind the last operation
            } catch (BoltException e) {
                failures++;
                assertThat(e.kind()).isEqualTo(BoltException.Kind.DISK_FAILED);
                assertThat(e).hasRootCauseInstanceOf(IOException.class).hasMessageContaining("no space left on device");
            }
            assertThatThrownBy(file::begin).isInstanceOf(BoltException.class).hasMessageContaining("no space left on device");
            assertThatThrownBy(file::snapshot).isInstanceOf(BoltException.class).hasMessageContaining("no space left on device");
            assertThatThrownBy(() -> pinned.bucket(BUCKET)).isInstanceOf(BoltException.class);
            disk.operationsUntilFailure = -1;
            try (BoltFile again = BoltFile.open(disk, DB, BoltOptions.defaults()); BoltSnapshot snapshot = again.snapshot()) {
                assertThat(again.check(snapshot)).isEmpty();
                assertThat(again.txid()).isBetween(2L, 3L);
                long keys = Objects.requireNonNull(snapshot.bucket(BUCKET)).keyCount();
                assertThat(keys).isEqualTo(again.txid() == 2 ? 1 : 3001);
            }
        }
        assertThat(failures).isGreaterThanOrEqualTo(5); // grow, its sync, pages, sync, meta, sync
    }

    @Test
    void aClosedFileKeepsItsPagesUntilTheLastSnapshotEnds() {
        BoltFile file = BoltFile.open(new MemoryDisk(), DB, BoltOptions.defaults());
        put(file, "one");
        BoltSnapshot snapshot = file.snapshot();
        BoltBucket bucket = Objects.requireNonNull(snapshot.bucket(BUCKET));
        file.close();
        file.close();
        assertThat(bucket.get(Bytes.utf8("one"))).isEqualTo(Bytes.utf8("one"));
        assertThatThrownBy(file::snapshot).isInstanceOf(BoltException.class).hasMessageContaining("closed");
        snapshot.close();
        assertThat(snapshot.acquire()).isFalse();
    }

    @Test
    void oneWriterAtATimeAndNoneAfterItsEnd() {
        BoltFile file = BoltFile.open(new MemoryDisk(), DB, BoltOptions.defaults());
        BoltWriter writer = file.begin();
        assertThatThrownBy(file::begin).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.put(BUCKET, Bytes.utf8("k"), Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        writer.createBucket(BUCKET);
        assertThatThrownBy(() -> writer.put(BUCKET, Bytes.EMPTY, Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.put(BUCKET, Bytes.of(new byte[32769]), Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        writer.rollback();
        assertThatThrownBy(() -> writer.createBucket(BUCKET)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        BoltWriter next = file.begin();
        assertThat(next.hasBucket(BUCKET)).isFalse();
        next.rollback();
    }

    @Test
    void aPinnedSnapshotOutlivesCommitsAndAnEndedOneCannotBeTakenAgain() {
        BoltFile file = BoltFile.open(new MemoryDisk(), DB, BoltOptions.defaults());
        put(file, "one");
        BoltSnapshot first = file.snapshot();
        for (int each = 0; each < 20; each++) put(file, "more" + each);
        assertThat(Objects.requireNonNull(first.bucket(BUCKET)).keyCount()).isEqualTo(1);
        assertThat(first.acquire()).isTrue();
        first.close();
        first.close();
        assertThat(first.acquire()).isFalse();
        put(file, "last");
        assertThat(file.checkFreelist()).isEmpty();
    }

    private static void put(BoltFile file, String key) {
        BoltWriter writer = file.begin();
        writer.createBucket(BUCKET);
        writer.put(BUCKET, Bytes.utf8(key), Bytes.utf8(key));
        writer.commit();
    }
}
