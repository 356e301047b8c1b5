package io.binnacle.mvcc.watch;

import io.binnacle.base.Check;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest batches of a shard, one a revision without a gap, bounded by number and bytes. For the shard's loop. */
final class RecentBatches {

    private final @Nullable RecentBatch[] ring;
    private final long bytesMax;
    private long oldest;
    private int count;
    private long bytes;

    RecentBatches(int batchesMax, long bytesMax) {
        this.ring = new RecentBatch[batchesMax];
        this.bytesMax = bytesMax;
    }

    /** Adds the batch of the next revision. */
    void add(RecentBatch batch) {
        if (count == 0) oldest = batch.revision;
        Check.that(batch.revision == oldest + count, "recent batches with a gap");
        if (count == ring.length) dropOldest();
        ring[place(batch.revision)] = batch;
        count++;
        bytes += batch.bytes;
        while (bytes > bytesMax && count > 0) dropOldest();
    }

    private void dropOldest() {
        bytes -= get(oldest).bytes;
        ring[place(oldest++)] = null;
        count--;
    }

    private int place(long revision) {
        return (int) (revision % ring.length);
    }

    /** Whether this revision and all newer ones are here. */
    boolean has(long revision) {
        return count > 0 && revision >= oldest && revision < oldest + count;
    }

    /** The batch of a revision that is here. */
    RecentBatch get(long revision) {
        return Check.present(ring[place(revision)]);
    }

    void clear() {
        Arrays.fill(ring, null);
        count = 0;
        bytes = 0;
    }
}
