package io.binnacle.mvcc.watch;

import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.MvccView;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The agent that reads for watchers what they missed. Each shard has at most one round here; a turn takes one round. The
 * first begins at once. After a round the next one waits for as long as the round took, so that history never takes more
 * than half of a thread from those who are up to date (api.md 6.3), and what comes meanwhile is read for together.
 */
final class WatchCatchUp implements Agent {

    private final WatchSource source;
    private final WatchLimits limits;
    private final Clock clock;
    private final Waker waker;
    private final Queue<CatchUpRound> inbox;
    private final ArrayDeque<CatchUpRound> waiting = new ArrayDeque<>();
    private long notBefore;
    private boolean paused;

    WatchCatchUp(WatchSource source, WatchLimits limits, Clock clock, Waker waker, int shards) {
        this.source = source;
        this.limits = limits;
        this.clock = clock;
        this.waker = waker;
        this.inbox = new MpscVarHandleArrayQueue<>(Math.max(2, 2 * shards));
    }

    /** Takes a round; a shard's next one only when this one has ended. */
    void submit(CatchUpRound round) {
        if (!inbox.offer(round)) throw new IllegalStateException("more rounds than shards");
        waker.wake();
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public int doWork() {
        for (CatchUpRound round = inbox.poll(); round != null; round = inbox.poll()) waiting.add(round);
        if (waiting.isEmpty()) return 0;
        long begun = clock.nanoTime();
        if (paused && begun - notBefore < 0) return 0;
        run(waiting.remove());
        long ended = clock.nanoTime();
        notBefore = ended + Math.max(limits.pauseNanos(), ended - begun);
        paused = true;
        return 1;
    }

    private void run(CatchUpRound round) {
        MvccView view = source.hold();
        CatchUpRound.Result result;
        try {
            result = new HistoryScan(view, source, limits).run(round);
        } finally {
            view.release();
        }
        round.then().accept(result);
    }

    @Override
    public long nextDeadlineNanos() {
        return waiting.isEmpty() ? Long.MAX_VALUE : notBefore;
    }
}
