package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.kv.WatchRequest;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.watch.Watcher.State;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/**
 * The watchers of one event loop. The loop owns everything here but {@link #offer} and {@link #wake}, which are the
 * apply thread's.
 *
 * <p>Invariants: every revision up to {@link #revision} is dealt with: each synced watcher was sent its events of it,
 * or the watcher's {@code next} is above. The recent batches are the newest revisions up to {@link #revision}, without a gap. A
 * watcher that is not synced has a {@code next} from which on it still needs everything.
 *
 * <p>While there is no watcher the apply thread hands over nothing. The first watcher raises {@link #watching} before it
 * looks at the newest view; the apply thread publishes a view before it looks at {@link #watching}. So a batch that is
 * not handed over is in the view from which the watcher starts.
 */
public final class WatchShard {

    private static final int BATCHES_PER_TURN = 256;

    private final Executor loop;
    private final WatchSource source;
    private final WatchLimits limits;
    private final WatchCatchUp catchUp;

    private final Queue<PublishedBatch> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable turn = this::turn;
    private volatile boolean overflowed;
    private volatile boolean watching;
    private volatile int watcherCount;
    private volatile int slowCount;

    private final RangeIndex<WatchGroup> index = new RangeIndex<>();
    private final Set<WatchStream> streams = new LinkedHashSet<>();
    private final Set<Watcher> unsynced = new LinkedHashSet<>();
    private final List<WatchGroup> found = new ArrayList<>();
    private final RecentBatches recent;
    private long revision;
    /** Watchers that are not ended; {@link #watcherCount} tells others. */
    private int members;
    private boolean roundRuns;

    WatchShard(Executor loop, WatchSource source, WatchLimits limits, WatchCatchUp catchUp) {
        this.loop = loop;
        this.source = source;
        this.limits = limits;
        this.catchUp = catchUp;
        this.queue = new SpscVarHandleArrayQueue<>(limits.queueBatches());
        this.recent = new RecentBatches(limits.recentBatches(), limits.recentBytes());
    }

    /** Takes a batch if anybody watches; never waits. Apply thread, after the batch's view was published. */
    void offer(PublishedBatch batch) {
        if (!watching) return;
        if (queuedBytes.get() > limits.queueBytes() || !queue.offer(batch)) overflowed = true;
        else queuedBytes.addAndGet(batch.bytes());
    }

    /** Has the loop look at the queue. Apply thread. */
    void wake() {
        if (watching && !scheduled.get() && scheduled.compareAndSet(false, true)) loop.execute(turn);
    }

    /** What was published is no longer all that happened: every watcher is to read from the store. Apply thread. */
    void reset() {
        overflowed = true;
    }

    /** Watchers. Any thread. */
    int watchers() {
        return watcherCount;
    }

    /** Watchers that are behind and have to be caught up from the store. Any thread. */
    int slowWatchers() {
        return slowCount;
    }

    /** Begins a stream. */
    public WatchStream open(WatchSink sink, WatchGate gate) {
        WatchStream stream = new WatchStream(this, sink, gate, limits);
        streams.add(stream);
        return stream;
    }

    void closed(WatchStream stream) {
        streams.remove(stream);
    }

    private void turn() {
        scheduled.set(false); // before looking: what is offered from now on schedules anew
        catchUpQueue();
        if (!queue.isEmpty() && scheduled.compareAndSet(false, true)) loop.execute(turn);
    }

    /** Deals with what waits in the queue, bounded. */
    void catchUpQueue() {
        take(BATCHES_PER_TURN);
        if (overflowed && queue.isEmpty()) afterOverflow();
    }

    private void take(int batchesMax) {
        for (int taken = 0; taken < batchesMax; taken++) {
            PublishedBatch batch = queue.poll();
            if (batch == null) return;
            queuedBytes.addAndGet(-batch.bytes());
            process(batch);
        }
    }

    /** Something was not handed over, of which no later batch may tell. */
    private void afterOverflow() {
        overflowed = false;
        long newest = source.revision(); // at least what was lost when the flag went up
        take(limits.queueBatches());
        if (revision < newest) lose(newest);
        startRound();
    }

    private void process(PublishedBatch published) {
        long at = published.batch().revision();
        if (at <= revision) return; // from before the first watcher came, or read from the store
        if (at > revision + 1) lose(at - 1);
        revision = at;
        if (members == 0) return;
        Bytes header = source.header(at).encoded();
        RecentBatch batch = new RecentBatch(published.batch(), header, published.bytes(), source);
        recent.add(batch);
        found.clear();
        batch.match(index, found::add);
        for (int place = 0; place < found.size(); place++) dispatch(batch, found.get(place));
        startRound();
    }

    /** Serves a group; from the end, since one who leaves meanwhile is replaced by the last, who was served. */
    private void dispatch(RecentBatch batch, WatchGroup group) {
        Payload payload = null;
        int flavor = -1;
        for (int place = group.count() - 1; place >= 0; place--) {
            Watcher watcher = group.member(place);
            if (watcher == null || watcher.next > batch.revision) continue;
            boolean synced = watcher.state == State.SYNCED;
            if (!synced && watcher.state != State.LAGGING) continue;
            if (watcher.flavor != flavor) {
                flavor = watcher.flavor;
                payload = batch.payload(group, flavor); // for who lags too: former pairs are read before a compaction
            }
            if (!synced || payload == null) continue;
            if (!deliver(watcher, payload, batch.revision)) watcher.stream.lags(watcher);
        }
    }

    /** Sends the events of a revision and moves the watcher past it; false if there is no room. */
    private boolean deliver(Watcher watcher, Payload payload, long at) {
        if (!watcher.stream.room()) {
            watcher.next = payload.firstRevision;
            return false;
        }
        watcher.next = at + 1;
        watcher.stream.send(watcher, payload);
        return true;
    }

    /** Revisions up to this one did not come: whoever is not past them reads them from the store. */
    private void lose(long upTo) {
        for (WatchStream stream : streams) {
            for (Watcher watcher : stream.watchers()) {
                if (watcher.state != State.SYNCED || watcher.next > upTo) continue;
                watcher.next = Math.max(watcher.next, revision + 1);
                unsync(watcher);
            }
        }
        recent.clear();
        revision = upTo;
    }

    private void unsync(Watcher watcher) {
        watcher.state = State.UNSYNCED;
        unsynced.add(watcher);
        slowCount = unsynced.size();
    }

    /** Registers a watcher; what it starts from and when it was made are one moment. */
    Watcher add(WatchStream stream, long id, KeyRange range, WatchRequest.Create request) {
        boolean first = !watching;
        watching = true;
        long newest = source.revision();
        if (first) {
            recent.clear();
            revision = Math.max(revision, newest);
        }
        WatchGroup group = index.get(range);
        if (group == null) {
            group = new WatchGroup(range);
            index.put(range, group);
        }
        long start = request.startRevision();
        long next = start == 0 ? newest + 1 : start;
        Watcher watcher = new Watcher(stream, group, id, request, next, newest);
        group.add(watcher);
        watcherCount = ++members;
        return watcher;
    }

    /** Serves a new watcher, once its client was told of it. */
    void begin(Watcher watcher) {
        if (watcher.state == State.ENDED) return;
        if (watcher.start == 0 || watcher.start > watcher.seen) return; // synced, from what comes
        unsync(watcher);
        startRound();
    }

    /** Takes a watcher out; without effect if it is not in. */
    void remove(Watcher watcher) {
        if (watcher.state == State.ENDED) return;
        boolean counted = watcher.state != State.COMPACTED;
        watcher.state = State.ENDED;
        unsynced.remove(watcher);
        slowCount = unsynced.size();
        if (!counted) return;
        watcher.group.remove(watcher);
        if (watcher.group.count() == 0) index.remove(watcher.group.range);
        watcherCount = --members;
        if (members == 0) {
            watching = false;
            recent.clear();
        }
    }

    /**
     * Brings a watcher that has room on from {@code next}: it is synced if it lacks nothing or only what is still at
     * hand, else it has to wait for a round.
     */
    void settle(Watcher watcher) {
        if (watcher.next <= revision && !recent.has(watcher.next)) {
            unsync(watcher);
            startRound();
            return;
        }
        while (watcher.next <= revision) {
            Payload payload = recent.get(watcher.next).payload(watcher.group, watcher.flavor);
            if (payload == null) {
                watcher.next++;
            } else if (!deliver(watcher, payload, watcher.next)) {
                watcher.stream.lags(watcher);
                return;
            }
            if (watcher.state == State.ENDED) return;
        }
        watcher.state = State.SYNCED;
    }

    /** Whether the watcher has had everything up to {@link #revision} and may be told so. */
    boolean reports(Watcher watcher) {
        return watcher.state == State.SYNCED && revision >= watcher.start && revision >= watcher.seen;
    }

    /** Every revision up to this one is dealt with. */
    long revision() {
        return revision;
    }

    ResponseHeader header(long at) {
        return source.header(at);
    }

    ResponseHeader newestHeader() {
        return source.header(source.revision());
    }

    /** Sends some of those who wait to the store, those with about the same gap together. */
    private void startRound() {
        if (roundRuns || unsynced.isEmpty()) return;
        List<CatchUpRound.Entry> entries = new ArrayList<>();
        Iterator<Watcher> waiting = unsynced.iterator();
        long from = 0;
        int looked = 0;
        while (waiting.hasNext() && entries.size() < limits.roundWatchers() && looked++ < 8 * limits.roundWatchers()) {
            Watcher watcher = waiting.next();
            if (!watcher.stream.room()) { // what would be read for it could not be sent
                waiting.remove();
                watcher.stream.lags(watcher);
                continue;
            }
            if (entries.isEmpty()) from = watcher.next;
            if (watcher.next < from || watcher.next - from > limits.roundRecords()) continue;
            watcher.state = State.SCANNED;
            waiting.remove();
            entries.add(new CatchUpRound.Entry(watcher, watcher.group.range, watcher.flavor, watcher.next));
        }
        slowCount = unsynced.size() + entries.size();
        if (entries.isEmpty()) return;
        roundRuns = true;
        catchUp.submit(new CatchUpRound(entries, done -> loop.execute(() -> finish(done))));
    }

    private void finish(CatchUpRound.Result result) {
        roundRuns = false;
        for (CatchUpRound.Served served : result.served()) {
            Watcher watcher = served.entry().watcher();
            if (watcher.state == State.SCANNED) finish(watcher, served, result);
        }
        slowCount = unsynced.size();
        startRound();
    }

    private void finish(Watcher watcher, CatchUpRound.Served served, CatchUpRound.Result result) {
        if (served.compacted()) {
            watcher.stream.compacted(watcher, result.compactRevision());
            return;
        }
        for (Payload payload : served.payloads()) {
            if (!watcher.stream.room()) {
                watcher.next = payload.firstRevision;
                watcher.stream.lags(watcher);
                return;
            }
            watcher.seen = Math.max(watcher.seen, result.revision());
            watcher.stream.send(watcher, payload);
            if (watcher.state != State.SCANNED) return; // the client left
        }
        Check.that(result.reached() > 0, "a round that went nowhere");
        watcher.next = Math.max(watcher.next, result.reached());
        if (watcher.next > result.revision()) settle(watcher);
        else unsync(watcher);
    }
}
