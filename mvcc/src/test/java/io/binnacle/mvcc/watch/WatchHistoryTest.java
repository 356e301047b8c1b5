package io.binnacle.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.kv.WatchRequest;
import io.binnacle.backend.ModelBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.LeaseBook;
import io.binnacle.mvcc.MvccConfig;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.WriteTxn;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Random watchers over random histories: everyone hears exactly what is theirs, whatever is slow, full or compacted. */
class WatchHistoryTest {

    private static final long SEED = Long.getLong("test.seed", 4711);
    private static final int COUNT = Integer.getInteger("test.count", 300);

    @Test
    void everyWatcherHearsItsEventsInOrderOnceAndCompletely() throws Exception {
        System.out.println("watch histories: seed " + SEED + ", count " + COUNT);
        long answers = 0;
        long reports = 0;
        for (int round = 0; round < COUNT; round++) {
            long seed = SEED + round;
            try {
                History history = new History(seed);
                history.run(round % 100 == 7 ? 2000 : 250);
                for (ListeningClient client : history.clients) {
                    answers += client.answers;
                    reports += client.reports;
                }
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("reproduce: -Dtest.seed=" + seed + " -Dtest.count=1", failure);
            }
        }
        System.out.println("watch histories: " + answers + " answers, " + reports + " progress reports");
    }

    private static final class NoLeases implements LeaseBook {
        @Override
        public boolean exists(long leaseId) {
            return false;
        }

        @Override
        public void attach(long leaseId, Bytes key) {}

        @Override
        public void detach(long leaseId, Bytes key) {}
    }

    /** One history; what runs on several threads in a member takes turns here. */
    private static final class History implements Clock, WatchSource {
        private final Random random;
        private final NaiveHistory naive = new NaiveHistory();
        private final ModelBackend backend = new ModelBackend();
        private final MvccStore store = MvccStore.restore(backend, new MvccConfig(3, 10), (key, lease) -> {});
        private final Agent compactor = store.compactor(this, () -> {});
        private final WatchLimits limits;
        private final WatchHub hub;
        private final List<ArrayDeque<Runnable>> loops = new ArrayList<>();
        private final List<WatchStream> streams = new ArrayList<>();
        private final List<EventBatch> unpublished = new ArrayList<>();
        private final int keys;
        final List<ListeningClient> clients = new ArrayList<>();
        private MvccView view = store.view();
        private long nanos;
        private long index;

        History(long seed) {
            random = new Random(seed);
            keys = random.nextBoolean() ? 3 : 12;
            boolean tight = random.nextInt(4) != 0;
            limits = tight
                    ? new WatchLimits(2 + random.nextInt(6), 2000, 1 + random.nextInt(5), 400, random.nextInt(3),
                            300, 1 + random.nextInt(4), 1 + random.nextInt(6), 400, 1 + random.nextInt(3), 80, 5)
                    : new WatchLimits(64, 100_000, 16, 10_000, 128, 1000, 512, 100, 10_000, 10, 120, 5);
            for (int loop = 0; loop < 2; loop++) loops.add(new ArrayDeque<>());
            List<Executor> executors = new ArrayList<>();
            for (ArrayDeque<Runnable> loop : loops) executors.add(loop::add);
            hub = new WatchHub(executors, this, limits, this, () -> {});
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public MvccView hold() {
            assertThat(view.acquire()).isTrue();
            return view;
        }

        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public ResponseHeader header(long revision) {
            return new ResponseHeader(1, 2, revision, 3);
        }

        void run(int steps) throws Exception {
            for (int step = 0; step < steps; step++) step(random.nextInt(24));
            for (int at = 0; at < streams.size(); at++) {
                clients.get(at).reads(true);
                streams.get(at).writable();
            }
            settle();
            for (int at = 0; at < streams.size(); at++) {
                boolean reportable = clients.get(at).complete(revision());
                clients.get(at).reported = 0;
                streams.get(at).request(new WatchRequest.Progress());
                assertThat(clients.get(at).reported).isEqualTo(reportable ? revision() : 0);
            }
            for (WatchStream stream : streams) stream.close();
            assertThat(hub.watchers()).isZero();
            assertThat(hub.slowWatchers()).isZero();
            view.release();
        }

        /** Everything that is under way ends. */
        private void settle() throws Exception {
            publish();
            for (int idle = 0; idle < 3; idle++) {
                nanos += 100;
                if (hub.catchUp().doWork() > 0) idle = -1;
                for (ArrayDeque<Runnable> loop : loops) {
                    for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
                        task.run();
                        idle = -1;
                    }
                }
            }
        }

        private void step(int kind) throws Exception {
            nanos++;
            switch (kind) {
                case 0, 1, 2, 3, 4, 5 -> write();
                case 6, 7, 8 -> publish();
                case 9, 10, 11, 12 -> turn();
                case 13, 14 -> hub.catchUp().doWork();
                case 15, 16 -> request(create());
                case 17 -> cancel();
                case 18, 19 -> toggle();
                case 20 -> request(new WatchRequest.Progress());
                case 21 -> {
                    if (!streams.isEmpty()) streams.get(random.nextInt(streams.size())).tick();
                }
                case 22 -> compact();
                default -> streamComesOrGoes();
            }
        }

        private void write() throws Exception {
            WriteTxn txn = store.write(new NoLeases());
            switch (random.nextInt(6)) {
                case 0 -> txn.deleteRange(KeyRange.of(key(), random.nextBoolean() ? Bytes.of(new byte[1]) : key()));
                case 1 -> txn.delete(key());
                case 2 -> {
                    for (int key = random.nextInt(keys); key < keys; key += 2) txn.put(key(key), value(), 0);
                }
                default -> txn.put(key(), value(), 0);
            }
            EventBatch batch = txn.end();
            backend.entryApplied(++index, 1);
            if (batch.isEmpty()) return;
            naive.add(batch);
            unpublished.add(batch);
            if (random.nextBoolean()) publish();
        }

        private void publish() {
            MvccView before = view;
            view = store.view();
            before.release();
            if (random.nextInt(3) == 0) turn(); // between the view and the news of it
            hub.publish(List.copyOf(unpublished));
            unpublished.clear();
            if (random.nextInt(40) == 0) hub.replaced();
        }

        private void compact() throws Exception {
            publish();
            if (random.nextBoolean()) store.compact(store.revision() - random.nextInt(6));
            for (int slice = random.nextInt(10); slice > 0; slice--) {
                nanos += 20;
                compactor.doWork();
                if (store.maintain() > 0) backend.entryApplied(index, 0);
                publish();
            }
            publish();
        }

        private void turn() {
            Runnable task = loops.get(random.nextInt(loops.size())).poll();
            if (task != null) task.run();
        }

        private void request(WatchRequest request) {
            if (streams.isEmpty()) return;
            int at = random.nextInt(streams.size());
            if (!streams.get(at).takesRequests()) return;
            if (request instanceof WatchRequest.Create create) clients.get(at).asks(create);
            streams.get(at).request(request);
        }

        private WatchRequest.Create create() {
            long start = switch (random.nextInt(4)) {
                case 0, 1 -> 0;
                case 2 -> random.nextLong(1, revision() + 1);
                default -> Math.max(-1, revision() + random.nextInt(8) - 4);
            };
            Bytes end = switch (random.nextInt(3)) {
                case 0 -> Bytes.EMPTY;
                case 1 -> Bytes.of(new byte[1]);
                default -> key();
            };
            return new WatchRequest.Create(random.nextInt(8) == 0 ? Bytes.EMPTY : key(), end, start, random.nextBoolean(),
                    random.nextInt(5) == 0, random.nextInt(5) == 0, random.nextBoolean(),
                    random.nextInt(3) == 0 ? random.nextInt(6) * 3 - 5 : 0, random.nextInt(3) == 0);
        }

        private void cancel() {
            if (streams.isEmpty()) return;
            int at = random.nextInt(streams.size());
            Long[] ids = clients.get(at).ids();
            if (ids.length == 0 || !streams.get(at).takesRequests()) return;
            long id = ids[random.nextInt(ids.length)];
            clients.get(at).cancels(id);
            streams.get(at).request(new WatchRequest.Cancel(id));
        }

        private void toggle() {
            if (streams.isEmpty()) return;
            int at = random.nextInt(streams.size());
            ListeningClient client = clients.get(at);
            boolean before = client.writable();
            client.reads(!client.reading());
            if (!before) streams.get(at).writable();
        }

        private void streamComesOrGoes() {
            if (streams.size() >= 4) {
                int at = random.nextInt(streams.size());
                streams.remove(at).close();
                clients.remove(at);
                return;
            }
            int loop = random.nextInt(loops.size());
            ListeningClient client = new ListeningClient(naive, store::compactRevision, limits.fragmentBytes());
            clients.add(client);
            streams.add(hub.shard(loop).open(client, ListeningClient::allowAll));
        }

        private Bytes key() {
            return key(random.nextInt(keys));
        }

        private static Bytes key(int number) {
            return Bytes.utf8("k" + (char) ('a' + number));
        }

        private Bytes value() {
            return Bytes.utf8("v".repeat(random.nextInt(30)) + random.nextInt(100));
        }
    }
}
