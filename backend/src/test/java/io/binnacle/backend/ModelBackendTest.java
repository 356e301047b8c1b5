package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelBackendTest {
    private final ModelBackend backend = new ModelBackend();

    @Test
    void aViewKeepsWhatItSaw() {
        backend.put(Bucket.LEASE, Bytes.utf8("a"), Bytes.utf8("1"));
        BackendView before = backend.view();
        backend.put(Bucket.LEASE, Bytes.utf8("a"), Bytes.utf8("2"));
        backend.delete(Bucket.LEASE, Bytes.utf8("b"));

        assertThat(before.get(Bucket.LEASE, Bytes.utf8("a"))).isEqualTo(Bytes.utf8("1"));
        assertThat(backend.view().get(Bucket.LEASE, Bytes.utf8("a"))).isEqualTo(Bytes.utf8("2"));

        before.release();
        assertThat(before.acquire()).isFalse();
        assertThatThrownBy(() -> before.get(Bucket.LEASE, Bytes.utf8("a"))).isInstanceOf(Check.BrokenInvariant.class);
    }

    @Test
    void aCrashLeavesWholeCommittedEntriesOnly() {
        for (int entry = 1; entry <= 3; entry++) {
            backend.put(Bucket.KEY, RevisionKey.put(entry + 1, 0), Bytes.utf8("v" + entry));
            backend.entryApplied(entry, 7);
        }
        backend.put(Bucket.KEY, RevisionKey.put(9, 0), Bytes.utf8("half"));

        assertThat(backend.commit(2)).isEqualTo(2);
        ModelBackend reopened = backend.crash();
        assertThat(reopened.consistentIndex()).isEqualTo(2);
        assertThat(reopened.consistentTerm()).isEqualTo(7);
        assertThat(scan(reopened.view(), Bucket.KEY)).containsExactly("v1", "v2");

        assertThat(backend.commit(9)).isEqualTo(1);
        assertThat(backend.uncommittedBytes()).isEqualTo(17 + 4 + ModelBackend.WRITE_COST_BYTES);
        assertThat(scan(backend.crash().view(), Bucket.KEY)).containsExactly("v1", "v2", "v3");
    }

    @Test
    void aCheckpointIsExactlyOneEntryAndHashesAlike() {
        backend.put(Bucket.KEY, RevisionKey.put(2, 0), Bytes.utf8("x"));
        backend.entryApplied(1, 1);
        Checkpoint checkpoint = backend.checkpoint();
        List<Checkpoint.State> settled = new ArrayList<>();
        checkpoint.onSettled(() -> settled.add(checkpoint.state()));
        backend.put(Bucket.KEY, RevisionKey.put(3, 0), Bytes.utf8("y"));
        backend.entryApplied(2, 1);
        backend.commit(Integer.MAX_VALUE);

        assertThat(settled).containsExactly(Checkpoint.State.READY);
        List<Bytes> keys = new ArrayList<>();
        checkpoint.scan(Bucket.KEY.bucketName(), Bytes.EMPTY, null, (key, _) -> keys.add(key));
        assertThat(keys).containsExactly(RevisionKey.put(2, 0));
        assertThat(hash(StoreHash.ofMember(checkpoint), 1)).isEqualTo(hash(StoreHash.ofMember(checkpoint), 1000));
        assertThat(hash(StoreHash.ofMember(checkpoint), 1)).isNotEqualTo(hash(StoreHash.ofSnapshot(checkpoint), 1));
    }

    @Test
    void aReplacedStoreIsTheReceivedOne() {
        ModelBackend other = new ModelBackend();
        other.put(Bucket.AUTH, Bytes.utf8("k"), Bytes.utf8("other"));
        other.entryApplied(40, 3);
        other.commit(1);
        backend.file(Path.of("/received"), other);
        backend.put(Bucket.AUTH, Bytes.utf8("k"), Bytes.utf8("own"));
        backend.entryApplied(1, 1);
        BackendView old = backend.view();

        backend.replace(Path.of("/received"));

        assertThat(backend.appliedIndex()).isEqualTo(40);
        assertThat(backend.view().get(Bucket.AUTH, Bytes.utf8("k"))).isEqualTo(Bytes.utf8("other"));
        assertThat(old.get(Bucket.AUTH, Bytes.utf8("k"))).isEqualTo(Bytes.utf8("own"));
        assertThat(backend.uncommittedBytes()).isZero();
    }

    private static int hash(StoreHash hash, int step) {
        while (hash.step(step)) {
            assertThat(step).isPositive();
        }
        return hash.value();
    }

    private static List<String> scan(BackendView view, Bucket bucket) {
        List<String> values = new ArrayList<>();
        view.scan(bucket, Bytes.EMPTY, null, (_, value) -> values.add(value.toUtf8()));
        return values;
    }
}
