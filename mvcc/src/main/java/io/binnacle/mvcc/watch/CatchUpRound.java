package io.binnacle.mvcc.watch;

import io.binnacle.mvcc.index.KeyRange;
import java.util.List;
import java.util.function.Consumer;

/**
 * A bounded reading of history for some watchers of a shard.
 *
 * @param entries whom it serves
 * @param then told the result, on the agent's thread
 */
record CatchUpRound(List<Entry> entries, Consumer<Result> then) {

    /**
     * What a watcher needs, as of when the round was made.
     *
     * @param watcher only handed back: its shard's loop owns it
     */
    record Entry(Watcher watcher, KeyRange range, int flavor, long next) {}

    /**
     * What was read.
     *
     * @param revision the revision of the view that was read
     * @param compactRevision and its compaction revision
     * @param reached everything below this revision was read
     */
    record Result(long revision, long compactRevision, long reached, List<Served> served) {}

    /**
     * What one watcher gets.
     *
     * @param payloads ascending; may be shared by watchers of the same shard
     * @param compacted whether it needs what is compacted; then there are no payloads
     */
    record Served(Entry entry, List<Payload> payloads, boolean compacted) {}
}
