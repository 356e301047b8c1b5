package io.binnacle.mvcc.watch;

import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** All watching of one member: a shard for each event loop and the agent that catches up who is behind. */
public final class WatchHub {

    private final List<WatchShard> shards;
    private final WatchCatchUp catchUp;

    /**
     * A hub with a shard for each loop.
     *
     * @param loops run tasks one at a time, in order, each on its own thread
     * @param waker wakes the agent of {@link #catchUp}
     */
    public WatchHub(List<? extends Executor> loops, WatchSource source, WatchLimits limits, Clock clock, Waker waker) {
        this.catchUp = new WatchCatchUp(source, limits, clock, waker, loops.size());
        List<WatchShard> made = new ArrayList<>();
        for (Executor loop : loops) made.add(new WatchShard(loop, source, limits, catchUp));
        this.shards = List.copyOf(made);
    }

    /**
     * Tells of changes, in order of revisions, after a view with them was published. Costs the apply thread, its only
     * caller, an offer and at most a wake for each shard with watchers; never waits.
     */
    public void publish(List<EventBatch> batches) {
        for (int at = 0; at < batches.size(); at++) {
            if (batches.get(at).isEmpty()) continue;
            PublishedBatch batch = PublishedBatch.of(batches.get(at));
            for (int shard = 0; shard < shards.size(); shard++) shards.get(shard).offer(batch);
        }
        for (int shard = 0; shard < shards.size(); shard++) shards.get(shard).wake();
    }

    /** The store was replaced by a newer one: watchers read from it what they missed. Apply thread, after its view was published. */
    public void replaced() {
        for (WatchShard shard : shards) {
            shard.reset();
            shard.wake();
        }
    }

    /** The shard of a loop; for that loop only. */
    public WatchShard shard(int loop) {
        return shards.get(loop);
    }

    /** The agent that reads history for watchers that are behind. */
    public Agent catchUp() {
        return catchUp;
    }

    /** The number of watchers. Any thread. */
    public int watchers() {
        int sum = 0;
        for (WatchShard shard : shards) sum += shard.watchers();
        return sum;
    }

    /** The number of watchers that are being caught up from the store. Any thread. */
    public int slowWatchers() {
        int sum = 0;
        for (WatchShard shard : shards) sum += shard.slowWatchers();
        return sum;
    }
}
