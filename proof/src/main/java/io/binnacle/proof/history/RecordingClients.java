package io.binnacle.proof.history;

import com.google.protobuf.ByteString;
import io.binnacle.api.etcdserverpb.Compare;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.etcdserverpb.RequestOp;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.proof.client.Answer;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.history.Operation.Input;
import io.binnacle.proof.history.Operation.Output;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Concurrent clients that write down all they do. Started and stopped by one thread; each client has a virtual thread of its own and
 * ends by itself when its calls begin to fail.
 */
public final class RecordingClients {
    private static final int KEYS = 8;
    private static final int OPERATIONS_MAX = 200_000;

    private final EtcdClient client;
    private final List<Operation> history = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** All share one connection. */
    public RecordingClients(EtcdClient client) {
        this.client = client;
    }

    /** Starts clients; each draws its requests from a seed of its own. */
    public void start(int clients, long seed) {
        for (int i = 0; i < clients; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> work(number, new Random(seed * 1000 + number))));
        }
    }

    /** How many operations were recorded so far. */
    public int recorded() {
        return history.size();
    }

    /** Waits for the clients to end, within a second or so of the server's death or of this call, and gives what they wrote down. */
    public List<Operation> stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return List.copyOf(history);
    }

    /** What the store holds now, read at once and linearizably. */
    public static Store store(EtcdClient client) {
        RangeResponse all = client.everything();
        Map<String, Store.Entry> entries = new HashMap<>();
        all.getKvsList().forEach(kv ->
                entries.put(kv.getKey().toStringUtf8(), new Store.Entry(kv.getValue().toStringUtf8(), kv.getModRevision())));
        return new Store(all.getHeader().getRevision(), entries);
    }

    /** A store that was read after all else, as operations: a read of each key that anybody touched. */
    public static List<Operation> asReads(Store store, long callNanos, long returnNanos) {
        List<Operation> reads = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            Store.Entry entry = store.entries().get("k" + i);
            Output output = entry == null
                    ? new Output(store.revision(), null, 0, false)
                    : new Output(store.revision(), entry.value(), entry.modRevision(), false);
            reads.add(new Operation(-1 - i, new Operation.Get("k" + i), output, callNanos, returnNanos));
        }
        return reads;
    }

    private void work(int number, Random random) {
        long lastModRevision = 0;
        for (int made = 0; !stopping && history.size() < OPERATIONS_MAX; made++) {
            String key = "k" + random.nextInt(KEYS);
            String value = number + "-" + made + "-" + random.nextInt();
            int dice = random.nextInt(10);
            Input input = dice < 4 ? new Operation.Put(key, value)
                    : dice < 7 ? new Operation.Get(key)
                    : dice < 8 ? new Operation.Delete(key)
                    : new Operation.Swap(key, lastModRevision, value);
            long call = System.nanoTime();
            Answer<Output> answer = make(input);
            long end = System.nanoTime();
            switch (answer) {
                case Answer.Done<Output>(Output output) -> {
                    lastModRevision = output.modRevision();
                    history.add(new Operation(number, input, output, call, end));
                }
                case Answer.Failed<Output> failed -> {
                    if (failed.unknownOutcome()) {
                        history.add(new Operation(number, input, null, call, Long.MAX_VALUE));
                    }
                    return; // the server is gone or refuses: either way this client is done
                }
            }
        }
    }

    private Answer<Output> make(Input input) {
        return switch (input) {
            case Operation.Put(String key, String value) ->
                map(client.put(put(key, value)), r -> new Output(r.getHeader().getRevision(), null, 0, true));
            case Operation.Delete(String key) -> map(
                    client.delete(DeleteRangeRequest.newBuilder().setKey(bytes(key)).build()),
                    r -> new Output(r.getHeader().getRevision(), null, 0, r.getDeleted() > 0));
            case Operation.Get(String key) -> map(client.range(RangeRequest.newBuilder().setKey(bytes(key)).build()), r -> {
                if (r.getKvsCount() == 0) {
                    return new Output(r.getHeader().getRevision(), null, 0, false);
                }
                KeyValue kv = r.getKvs(0);
                return new Output(r.getHeader().getRevision(), kv.getValue().toStringUtf8(), kv.getModRevision(), false);
            });
            case Operation.Swap(String key, long expected, String value) ->
                map(client.txn(swap(key, expected, value)), r -> new Output(r.getHeader().getRevision(), null, 0, r.getSucceeded()));
        };
    }

    private static PutRequest put(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(ByteString.copyFromUtf8(value)).build();
    }

    private static TxnRequest swap(String key, long expected, String value) {
        return TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder().setKey(bytes(key)).setTarget(Compare.CompareTarget.MOD).setModRevision(expected))
                .addSuccess(RequestOp.newBuilder().setRequestPut(put(key, value)))
                .build();
    }

    private static ByteString bytes(String key) {
        return ByteString.copyFromUtf8(key);
    }

    private static <T> Answer<Output> map(Answer<T> answer, Function<T, Output> output) {
        return switch (answer) {
            case Answer.Done<T>(T response) -> new Answer.Done<>(output.apply(response));
            case Answer.Failed<T>(int code, String message) -> new Answer.Failed<>(code, message);
        };
    }
}
