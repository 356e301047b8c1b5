package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.WatchRequest;
import io.binnacle.api.kv.WatchResponse;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client's watch stream: its watchers by id, and what its client still takes. Everything happens on the loop of
 * its shard.
 *
 * <p>While the sink is writable, answers go out at once. When it is not, the transport takes a bounded number more
 * ({@link WatchLimits#waitingResponses}); a watcher whose events find no room then remembers their revision, waits,
 * and goes on from there when the client reads again.
 */
public final class WatchStream {

    private static final long REFUSED = -1;
    private static final long ALL_WATCHERS = -1;
    private static final Bytes ZERO_KEY = Bytes.of(new byte[1]);
    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";
    private static final String EMPTY_RANGE = "mvcc: watcher range is empty";
    private static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

    private final WatchShard shard;
    private final WatchSink sink;
    private final WatchGate gate;
    private final WatchLimits limits;
    private final Map<Long, Watcher> watchers = new LinkedHashMap<>();
    private final ArrayDeque<Watcher> lagging = new ArrayDeque<>();
    private long nextId;
    /** Sent since the sink was last seen writable. */
    private int waitingResponses;
    private long waitingBytes;
    private boolean closed;

    WatchStream(WatchShard shard, WatchSink sink, WatchGate gate, WatchLimits limits) {
        this.shard = shard;
        this.sink = sink;
        this.gate = gate;
        this.limits = limits;
    }

    /** Carries out one request of the client; in order. */
    public void request(WatchRequest request) {
        if (closed) return;
        switch (request) {
            case WatchRequest.Create create -> create(create);
            case WatchRequest.Cancel cancel -> cancel(cancel.watchId());
            case WatchRequest.Progress _ -> progress();
            case WatchRequest.None _ -> {} // etcd passes over it
        }
    }

    /** Whether the next request may be taken: answers to requests are not dropped, so a client that does not read is not read from. */
    public boolean takesRequests() {
        return room();
    }

    /** The client takes more. */
    public void writable() {
        while (!closed && !lagging.isEmpty() && room()) {
            Watcher watcher = lagging.poll();
            if (watcher.state == Watcher.State.LAGGING) shard.settle(watcher);
        }
    }

    /** The moment for progress reports of watchers that want them, once in an interval. */
    public void tick() {
        if (closed) return;
        shard.catchUpQueue();
        List<Watcher> quiet = new ArrayList<>(); // apart, since a send may end the stream
        for (Watcher watcher : watchers.values()) {
            if (!watcher.progressNotify) continue;
            if (!watcher.sent && shard.reports(watcher)) quiet.add(watcher);
            watcher.sent = false;
        }
        for (Watcher watcher : quiet) if (!closed && room()) sendProgress(watcher.id);
    }

    /** Ends all watchers; nothing is sent any more. */
    public void close() {
        if (closed) return;
        closed = true;
        for (Watcher watcher : watchers.values()) shard.remove(watcher);
        watchers.clear();
        lagging.clear();
        shard.closed(this);
    }

    /** api.md 6.2, in its order. */
    private void create(WatchRequest.Create request) {
        Bytes key = request.key().isEmpty() ? ZERO_KEY : request.key();
        Bytes end = request.rangeEnd();
        String reason = refusal(request, key, end);
        if (reason != null) {
            answer(new WatchResponse(shard.newestHeader(), REFUSED, true, true, 0, reason, false));
            return;
        }
        long id = request.watchId() == 0 ? freeId() : request.watchId();
        KeyRange range = KeyRange.of(key.compact(), end.compact());
        Watcher watcher = shard.add(this, id, range, request);
        watchers.put(id, watcher);
        answer(new WatchResponse(shard.header(watcher.seen), id, true, false, 0, "", false));
        shard.begin(watcher);
    }

    private @Nullable String refusal(WatchRequest.Create request, Bytes key, Bytes end) {
        if (request.startRevision() < 0) return COMPACTED;
        String denied = gate.refusal(key, end);
        if (denied != null) return denied;
        boolean open = end.length() == 1 && end.at(0) == 0;
        if (!end.isEmpty() && !open && end.compareTo(key) <= 0) return EMPTY_RANGE;
        return request.watchId() != 0 && watchers.containsKey(request.watchId()) ? DUPLICATE_ID : null;
    }

    private long freeId() {
        while (watchers.containsKey(nextId)) nextId++;
        return nextId++;
    }

    private void cancel(long id) {
        Watcher watcher = watchers.remove(id);
        if (watcher == null) return;
        shard.remove(watcher);
        lagging.remove(watcher);
        answer(new WatchResponse(shard.newestHeader(), id, false, true, 0, "", false));
    }

    /** One report for the whole stream, or none (api.md 6.6). */
    private void progress() {
        shard.catchUpQueue();
        if (watchers.isEmpty() || !room()) return;
        for (Watcher watcher : watchers.values()) if (!shard.reports(watcher)) return;
        sendProgress(ALL_WATCHERS);
    }

    private void sendProgress(long id) {
        send(response(new WatchResponse(shard.header(shard.revision()), id, false, false, 0, "", false)));
    }

    private void answer(WatchResponse response) {
        send(response(response));
    }

    private static Bytes response(WatchResponse response) {
        return response.encoded(List.of());
    }

    private void send(Bytes message) {
        waitingResponses++;
        waitingBytes += message.length();
        sink.send(message);
    }

    /** Whether the client, or the transport for it, takes one more answer. */
    boolean room() {
        if (sink.writable()) {
            waitingResponses = 0;
            waitingBytes = 0;
            return true;
        }
        return waitingResponses < limits.waitingResponses() && waitingBytes < limits.waitingBytes();
    }

    /** Sends events; to be called only when there is {@link #room}. */
    void send(Watcher watcher, Payload payload) {
        watcher.sent = true;
        if (watcher.fragment) {
            for (Bytes piece : payload.pieces(watcher.id, limits.fragmentBytes())) send(piece);
        } else {
            send(payload.message(watcher.id));
        }
    }

    /** There was no room for the events from {@link Watcher#next} on. */
    void lags(Watcher watcher) {
        watcher.state = Watcher.State.LAGGING;
        lagging.add(watcher);
    }

    /** Ends a watcher that needs what is compacted; its id stays taken. */
    void compacted(Watcher watcher, long compactRevision) {
        shard.remove(watcher);
        watcher.state = Watcher.State.COMPACTED;
        send(response(new WatchResponse(shard.header(0), watcher.id, false, true, compactRevision, "", false)));
    }

    Collection<Watcher> watchers() {
        return watchers.values();
    }
}
