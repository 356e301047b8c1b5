package io.binnacle.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.etcdserverpb.WatchResponse;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.kv.WatchRequest;
import io.binnacle.api.mvccpb.Event;
import io.binnacle.backend.ModelBackend;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.AgentThread;
import io.binnacle.io.SystemClock;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.LeaseBook;
import io.binnacle.mvcc.MvccConfig;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.WriteTxn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hand-over between the apply thread, the loops and the agent, on real threads. */
class WatchThreadsTest {

    private static final long REVISIONS = 500;
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

    /** Wants every revision from the one after its creation on; belongs to a loop. */
    private static final class Client implements WatchSink {
        final CompletableFuture<Long> finished = new CompletableFuture<>();
        private final long start;
        private long wanted;

        Client(long start) {
            this.start = start;
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void send(Bytes message) {
            try {
                WatchResponse response = WatchResponse.parseFrom(message.asByteBuffer());
                if (response.getCreated()) wanted = start == 0 ? response.getHeader().getRevision() + 1 : start;
                for (Event event : response.getEventsList()) {
                    assertThat(event.getKv().getModRevision()).isEqualTo(wanted++);
                }
                if (wanted > REVISIONS) finished.complete(wanted);
            } catch (Exception | AssertionError failed) {
                finished.completeExceptionally(failed);
            }
        }
    }

    private static final class Source implements WatchSource {
        private volatile MvccView view;

        Source(MvccView first) {
            view = first;
        }

        void publish(MvccView next) {
            MvccView before = view;
            view = next;
            before.release();
        }

        @Override
        public MvccView hold() {
            while (true) { // a view that was let go between the two looks has a successor
                MvccView now = view;
                if (now.acquire()) return now;
            }
        }

        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public ResponseHeader header(long revision) {
            return new ResponseHeader(1, 2, revision, 3);
        }
    }

    @Test
    void watchersThatComeWhileOthersWriteMissNothing() throws Exception {
        ModelBackend backend = new ModelBackend();
        MvccStore store = MvccStore.restore(backend, MvccConfig.DEFAULT, (key, lease) -> {});
        Source source = new Source(store.view());
        List<ExecutorService> loops = List.of(Executors.newSingleThreadExecutor(), Executors.newSingleThreadExecutor());
        WatchLimits limits = new WatchLimits(4, 1000, 4, 1000, 8, 1000, 8, 50, 10_000, 10, 1000, 1000);
        AtomicReference<@Nullable AgentThread> agent = new AtomicReference<>();
        SystemClock clock = new SystemClock();
        WatchHub hub = new WatchHub(loops, source, limits, clock, () -> Check.present(agent.get()).wake());
        CompletableFuture<Void> failed = new CompletableFuture<>();
        List<Client> clients = new ArrayList<>();
        try (AgentThread thread = new AgentThread(hub.catchUp(), clock, (of, why) -> failed.completeExceptionally(why), 0)) {
            agent.set(thread);
            thread.start();
            while (store.revision() < REVISIONS) {
                WriteTxn txn = store.write(NO_LEASES);
                txn.put(Bytes.utf8("k" + store.revision() % 3), Bytes.utf8("v"), 0);
                EventBatch batch = txn.end();
                backend.entryApplied(batch.revision(), 1);
                source.publish(store.view());
                hub.publish(List.of(batch));
                if (batch.revision() % 20 == 2 && batch.revision() < REVISIONS) {
                    clients.add(watch(hub, loops, clients.size(), batch.revision()));
                }
            }
            for (Client client : clients) {
                assertThat(client.finished.get(30, TimeUnit.SECONDS)).isEqualTo(REVISIONS + 1);
            }
        } finally {
            for (ExecutorService loop : loops) loop.shutdownNow();
        }
        assertThat(failed).isNotDone();
        source.hold().release();
    }

    /** From now on, or every third time from the beginning; another on the same loop comes and goes. */
    private static Client watch(WatchHub hub, List<ExecutorService> loops, int number, long revision) {
        int loop = number % loops.size();
        long start = number % 3 == 2 ? Math.max(2, revision / 2) : 0;
        Client client = new Client(start);
        loops.get(loop).execute(() -> {
            WatchStream stream = hub.shard(loop).open(client, (key, end) -> null);
            WatchRequest.Create create = new WatchRequest.Create(Bytes.utf8("k"), Bytes.utf8("l"),
                    start, false, false, false, true, 0, false);
            WatchStream other = hub.shard(loop).open(new Client(0), (key, end) -> null);
            other.request(create);
            other.close();
            stream.request(create);
        });
        return client;
    }
}
