package io.binnacle.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.binnacle.api.etcdserverpb.DeleteRangeResponse;
import io.binnacle.api.etcdserverpb.PutResponse;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.etcdserverpb.TxnResponse;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.backend.ModelBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.mvcc.model.NaiveStore;
import io.binnacle.mvcc.model.RandomRequests;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random histories on the store and on its naive twin; every answer must be the same. */
class StoreHistoryTest {

    private static final long SEED = Long.getLong("test.seed", 4711);
    private static final int COUNT = Integer.getInteger("test.count", 2000);
    private static final Set<Long> LEASES = Set.of(1L, 2L, -1L);

    @Test
    void everyAnswerOfARandomHistoryIsThatOfTheNaiveStore() throws Exception {
        System.out.println("store histories: seed " + SEED + ", count " + COUNT);
        for (int round = 0; round < COUNT; round++) {
            long seed = SEED + round;
            try {
                new History(seed, round % 200 == 7 ? 300 : 40).run();
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("reproduce: -Dtest.seed=" + seed + " -Dtest.count=1", failure);
            }
        }
    }

    private record OldView(MvccView view) {}

    /** One history: the two stores and what runs beside them. */
    private static final class History {
        private final Random random;
        private final RandomRequests requests;
        private final NaiveStore naive = new NaiveStore(LEASES);
        private final int steps;
        private ModelBackend backend = new ModelBackend();
        private final Map<Bytes, Long> attached = new HashMap<>();
        private MvccStore store;
        private KvExecutor executor;
        private Agent compactor;
        private MvccView view;
        private final List<OldView> oldViews = new ArrayList<>();
        private final long[] nanos = new long[1];
        private long index;
        private boolean compacting;

        private final LeaseBook leases = new LeaseBook() {
            @Override
            public boolean exists(long leaseId) {
                return LEASES.contains(leaseId);
            }

            @Override
            public void attach(long leaseId, Bytes key) {
                Long before = attached.put(key, leaseId);
                assertThat(before == null || before == leaseId).as("detached first").isTrue();
            }

            @Override
            public void detach(long leaseId, Bytes key) {
                assertThat(attached.remove(key)).isEqualTo(leaseId);
            }
        };

        private final Clock clock = new Clock() {
            @Override
            public long nanoTime() {
                return nanos[0];
            }

            @Override
            public long wallMillis() {
                return 0;
            }
        };

        History(long seed, int steps) {
            this.random = new Random(seed);
            this.steps = steps;
            this.requests = new RandomRequests(random, steps > 100 ? 200 : 6);
            open();
        }

        private void open() {
            attached.clear();
            store = MvccStore.restore(backend, new MvccConfig(3, 10), attached::put);
            executor = new KvExecutor(store, leases);
            compactor = store.compactor(clock, () -> {});
            view = store.view();
        }

        void run() throws Exception {
            for (int step = 0; step < steps; step++) {
                step(random.nextInt(20));
                if (compacting && random.nextBoolean()) compactionSlice();
            }
            finishCompaction();
            for (long at = -2; at <= naive.revision() + 1; at++) checkHash(at);
            oldViews.forEach(this::checkOld);
            restart();
            for (long at = -2; at <= naive.revision() + 1; at++) checkHash(at);
        }

        private void step(int kind) throws Exception {
            switch (kind) {
                case 0, 1, 2, 3, 4, 5 -> {
                    Put put = requests.put();
                    check(executor.put(put), naive.put(put), PutResponse.parser());
                }
                case 6, 7 -> {
                    var delete = requests.deleteRange();
                    check(executor.deleteRange(delete), naive.deleteRange(delete), DeleteRangeResponse.parser());
                }
                case 8, 9, 10 -> writeTxn();
                case 11 -> {
                    Txn txn = requests.readTxn(naive.revision());
                    check(KvExecutor.readTxn(view, txn), naive.txn(txn), TxnResponse.parser());
                }
                case 12, 13, 14, 15 -> checkRange(view, requests.range(naive.revision()));
                case 16 -> compact();
                case 17 -> {
                    oldViews.forEach(this::checkOld);
                    if (oldViews.size() < 8) oldViews.add(new OldView(view));
                }
                case 18 -> {
                    if (random.nextInt(3) == 0) restart();
                }
                default -> {
                    finishCompaction();
                    checkHash(random.nextLong(-1, naive.revision() + 2));
                }
            }
            checkState();
        }

        private void writeTxn() throws Exception {
            Txn txn = requests.txn(naive.revision(), 2);
            if (RequestCheck.txn(txn, 128) != null) return;
            boolean answered = random.nextInt(4) != 0;
            NaiveStore.Answer expected = naive.txn(txn);
            Outcome outcome = executor.txn(txn, answered);
            if (answered || outcome instanceof Outcome.Refused) {
                check(outcome, expected, TxnResponse.parser());
            } else {
                entryApplied();
            }
        }

        private void check(Outcome outcome, NaiveStore.Answer expected, Parser<? extends Message> parser)
                throws Exception {
            switch (outcome) {
                case Outcome.Refused(KvRefusal why) -> assertThat(why).isEqualTo(expected.refusal());
                case Outcome.Done(long header, ResponseBody body, EventBatch events) -> {
                    assertThat(expected.refusal()).isNull();
                    assertThat(parser.parseFrom(drained(body))).isEqualTo(expected.message());
                    assertThat(header).isEqualTo(naive.revision());
                    List<NaiveStore.Change> log = naive.log();
                    for (int at = 0; at < events.events().size(); at++) {
                        Event event = events.events().get(at);
                        NaiveStore.Change change = log.get(log.size() - events.events().size() + at);
                        assertThat(change.sub()).isEqualTo(at);
                        assertThat(event.key()).isEqualTo(change.key());
                        assertThat(event.put()).isEqualTo(change.pair() != null);
                    }
                }
            }
            entryApplied();
        }

        private void entryApplied() {
            backend.entryApplied(++index, 1);
            view = store.view();
        }

        private byte[] drained(ResponseBody body) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            long length = body.lengthBytes();
            while (true) {
                Bytes piece = body.next(1 + random.nextInt(20));
                if (piece.isEmpty()) break;
                all.writeBytes(piece.toByteArray());
            }
            body.close();
            assertThat(all.size()).isEqualTo((int) length);
            return all.toByteArray();
        }

        private void checkRange(MvccView at, Range request) throws Exception {
            NaiveStore.Answer expected = naive.range(request, at.revision(), at.compactRevision());
            switch (KvExecutor.range(at, request)) {
                case Outcome.Refused(KvRefusal why) -> assertThat(why).isEqualTo(expected.refusal());
                case Outcome.Done(long header, ResponseBody body, EventBatch _) -> {
                    assertThat(RangeResponse.parseFrom(drained(body))).as("%s", request).isEqualTo(expected.message());
                    assertThat(header).isEqualTo(at.revision());
                }
            }
            if (RequestCheck.rangeStream(request) == null && request.sortTarget() == 0 && request.revision() >= 0) {
                checkStream(at, request, expected);
            }
            checkLong(at, request);
        }

        private void checkStream(MvccView at, Range request, NaiveStore.Answer expected) throws Exception {
            RangeStream stream = new RangeStream(request, 1 + random.nextInt(200));
            RangeResponse.Builder merged = RangeResponse.newBuilder();
            for (boolean last = false; !last;) {
                switch (stream.next(at)) {
                    case RangeStream.Failed(KvRefusal why) -> {
                        assertThat(why).isEqualTo(expected.refusal());
                        return;
                    }
                    case RangeStream.Message message -> {
                        merged.mergeFrom(RangeResponse.parseFrom(message.body().toByteArray()));
                        last = message.last();
                        assertThat(message.headerRevision()).isEqualTo(at.revision());
                    }
                }
            }
            assertThat(merged.build()).as("stream %s", request).isEqualTo(expected.message());
        }

        /** The body that is read while it drains is the one that is made at once. */
        private void checkLong(MvccView at, Range request) {
            ViewReads state = new ViewReads(at);
            if (RangeRead.refusal(state, request) != null) return;
            RangeRead read = RangeRead.of(state, request);
            Pairs pairs = read.pairs();
            if (pairs == null || !at.acquire()) return;
            byte[] pieces = drained(new RangeBody(at, read, pairs));
            Outcome.Done whole = (Outcome.Done) KvExecutor.range(at, request);
            assertThat(pieces).isEqualTo(drained(whole.body()));
        }

        private void checkOld(OldView old) {
            try {
                for (int read = 0; read < 3; read++) checkRange(old.view, requests.range(old.view.revision()));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }

        private void compact() throws Exception {
            long at = random.nextLong(-1, naive.revision() + 2);
            boolean finished = !compacting;
            KvRefusal expected = naive.compact(at, finished);
            CompactionAnswer answer = store.compact(at);
            assertThat(answer).isInstanceOf(expected == null ? CompactionAnswer.Started.class
                    : expected == KvRefusal.COMPACTED ? CompactionAnswer.Compacted.class : CompactionAnswer.Future.class);
            if (answer instanceof CompactionAnswer.Started(CompactionJob job)) {
                compacting = true;
                job.onFinished(() -> compacting = compacting && job.revision() != store.compactRevision());
            }
            entryApplied();
            if (random.nextInt(3) > 0) finishCompaction();
        }

        private void compactionSlice() throws Exception {
            nanos[0] += random.nextInt(20);
            compactor.doWork();
            if (random.nextBoolean() && store.maintain() > 0) {
                backend.entryApplied(index, 1);
                view = store.view();
            }
        }

        private void finishCompaction() throws Exception {
            for (int slice = 0; compacting; slice++) {
                assertThat(slice).isLessThan(100_000);
                compactionSlice();
            }
        }

        private void checkHash(long at) {
            NaiveStore.Hash expected = naive.hash(at);
            switch (store.hash(view, at)) {
                case HashAnswer.Refused(KvRefusal why) -> {
                    assertThat(expected).as("hash at %d", at).isNull();
                    assertThat(why).isEqualTo(at > naive.revision() ? KvRefusal.FUTURE_REVISION : KvRefusal.COMPACTED);
                }
                case HashAnswer.Hash(int hash, long revision, long compacted, long current) -> {
                    assertThat(new NaiveStore.Hash(hash, revision, compacted)).as("hash at %d", at).isEqualTo(expected);
                    assertThat(current).isEqualTo(naive.revision());
                }
            }
        }

        private void checkState() {
            assertThat(store.revision()).isEqualTo(naive.revision());
            assertThat(store.compactRevision()).isEqualTo(naive.compactRevision());
            Map<Bytes, Long> expected = new HashMap<>();
            for (Map.Entry<Bytes, KeyValue> pair : naive.at(naive.revision()).entrySet()) {
                if (pair.getValue().getLease() != 0) expected.put(pair.getKey(), pair.getValue().getLease());
            }
            assertThat(attached).isEqualTo(expected);
        }

        private void restart() throws Exception {
            Agent committer = backend.committer();
            for (int turn = 0; committer.doWork() > 0; turn++) assertThat(turn).isLessThan(1_000_000);
            backend = backend.crash();
            oldViews.clear();
            naive.restart();
            compacting = false;
            open();
            // A compaction that was cut off goes on, but its hash is not kept.
            CompactionAnswer answer = store.compact(-1);
            CompactionJob resumed = ((CompactionAnswer.Compacted) answer).unfinished();
            for (int slice = 0; resumed != null && !resumed.finished(); slice++) {
                assertThat(slice).isLessThan(100_000);
                compactionSlice();
            }
        }
    }
}
