package io.binnacle.mvcc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes that compactions took, those of the {@value #KEPT} highest revisions; gone after a restart (api.md 5.2).
 * Added to on the apply thread, read by any.
 */
public final class CompactionHashes {

    private static final int KEPT = 10;

    /** The hash of one compaction, and the compact revision before it. */
    public record Stored(long revision, int hash, long compactRevision) {}

    private volatile List<Stored> newest = List.of();

    CompactionHashes() {}

    void add(Stored stored) {
        List<Stored> longer = new ArrayList<>(newest);
        longer.add(stored); // compactions go upwards, so the list stays in order
        newest = List.copyOf(longer.subList(Math.max(0, longer.size() - KEPT), longer.size()));
    }

    /** All that are kept, in ascending order of revisions: what members compare with one another. */
    public List<Stored> all() {
        return newest;
    }

    @Nullable Stored find(long revision) {
        for (Stored stored : newest) if (stored.revision == revision) return stored;
        return null;
    }
}
