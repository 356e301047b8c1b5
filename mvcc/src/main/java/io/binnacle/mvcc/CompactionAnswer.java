package io.binnacle.mvcc;

import org.jspecify.annotations.Nullable;

/** What became of a request to compact (api.md 5.1). */
public sealed interface CompactionAnswer {

    /** Reads below the revision fail from now on; the job frees the space. */
    record Started(CompactionJob job) implements CompactionAnswer {}

    /**
     * The revision was compacted before.
     *
     * @param unfinished the last job if it has not finished, which a physical request waits for before it is refused
     */
    record Compacted(@Nullable CompactionJob unfinished) implements CompactionAnswer {}

    /** The revision has not been written yet. */
    record Future() implements CompactionAnswer {}
}
