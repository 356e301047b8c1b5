package io.binnacle.mvcc.watch;

import io.binnacle.base.Check;

/**
 * The bounds of watching.
 *
 * @param queueBatches batches that may wait between the apply thread and a shard
 * @param queueBytes bytes of records in those batches; one batch is taken in any case
 * @param recentBatches batches that a shard keeps for watchers that are a little behind
 * @param recentBytes bytes of records in those batches
 * @param waitingResponses answers with events that a stream takes while its client does not
 * @param waitingBytes bytes of such answers; the first may pass it
 * @param roundWatchers watchers that one round of catching up serves
 * @param roundRecords records that one round reads before it ends at the next revision
 * @param roundBytes bytes of records that one round reads before it ends at the next revision
 * @param responseRevisions revisions in one answer of a watcher that catches up
 * @param fragmentBytes an answer of this length or more is split for watchers that want that
 * @param pauseNanos the least time between a shard's rounds, nanoseconds; the last round's own time if that is longer
 */
public record WatchLimits(int queueBatches, long queueBytes, int recentBatches, long recentBytes, int waitingResponses,
        long waitingBytes, int roundWatchers, int roundRecords, long roundBytes, int responseRevisions,
        int fragmentBytes, long pauseNanos) {

    /** Checks the bounds. */
    public WatchLimits {
        Check.that(queueBatches > 1 && recentBatches > 0 && roundWatchers > 0, "a limit without room");
        Check.that(roundRecords > 0 && responseRevisions > 0 && fragmentBytes > 0, "a limit without room");
    }

    /**
     * Those of a member (shared contract: api.md §6.3, 6.4, 6.7, 6.8).
     *
     * @param fragmentBytes {@code --max-request-bytes} and what the transport allows above it
     */
    public static WatchLimits defaults(int fragmentBytes) {
        return new WatchLimits(1024, 32 << 20, 256, 4 << 20, 128, 1 << 20, 512, 10_000, 8 << 20, 1000, fragmentBytes,
                5_000_000);
    }
}
