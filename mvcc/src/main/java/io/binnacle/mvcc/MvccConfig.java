package io.binnacle.mvcc;

import io.binnacle.base.Check;

/**
 * Settings of the store.
 *
 * @param compactionBatchRevisions stored revisions that a compaction looks at before it pauses
 *     ({@code --compaction-batch-limit})
 * @param compactionPauseNanos the pause after each batch ({@code --compaction-sleep-interval})
 */
public record MvccConfig(int compactionBatchRevisions, long compactionPauseNanos) {

    /** What etcd does without flags: 1000 revisions, 10 ms. */
    public static final MvccConfig DEFAULT = new MvccConfig(1000, 10_000_000);

    /** Checks the bounds. */
    public MvccConfig {
        Check.that(compactionBatchRevisions > 0, "a compaction batch without revisions");
        Check.that(compactionPauseNanos >= 0, "a negative pause");
    }
}
