package io.binnacle.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Txn;
import io.binnacle.backend.ModelBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two traps of compaction that etcd's clients can reach (api.md 4.4, 5.1). */
class CompactedPutTest {

    private static final Clock CLOCK = new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    };

    private static final LeaseBook NO_LEASES = new LeaseBook() {
        @Override
        public boolean exists(long leaseId) {
            return false;
        }

        @Override
        public void attach(long leaseId, Bytes key) {}

        @Override
        public void detach(long leaseId, Bytes key) {}
    };

    private final MvccStore store = MvccStore.restore(new ModelBackend(), new MvccConfig(1000, 0), (key, lease) -> {});
    private final KvExecutor executor = new KvExecutor(store, NO_LEASES);
    private final Agent compactor = store.compactor(CLOCK, () -> {});

    private MvccView compacted(long revision) throws Exception {
        CompactionJob job = ((CompactionAnswer.Started) store.compact(revision)).job();
        for (int slice = 0; !job.finished(); slice++) {
            assertThat(slice).isLessThan(10);
            store.view();
            compactor.doWork();
            store.maintain();
        }
        return store.view();
    }

    @Test
    void aKeyDeletedAndPutInTheCompactedRevisionKeepsItsValue() throws Exception {
        Bytes key = Bytes.utf8("b");
        Put put = new Put(key, Bytes.utf8("v"), 0, false, false, false);
        executor.put(put);
        executor.txn(new Txn(List.of(), List.of(
                new DeleteRange(Bytes.utf8("a"), Bytes.of(new byte[1]), false), put), List.of()), true);

        MvccView view = compacted(3);

        assertThat(KvExecutor.pair(view, key, 3)).isNotNull();
        assertThat(KvExecutor.pair(store.view(), key, 3)).isNotNull();
    }

    @Test
    void aVirginStoreIsCompactedAtZeroOnceAndThenHasACachedHash() throws Exception {
        MvccView view = compacted(0);

        assertThat(store.compact(0)).isInstanceOf(CompactionAnswer.Compacted.class);
        assertThat(store.hash(view, 0)).isEqualTo(new HashAnswer.Hash(1084519789, 0, -1, 1));
        assertThat(store.hash(view, -7)).isEqualTo(new HashAnswer.Hash(1084519789, -7, 0, 1));
    }
}
