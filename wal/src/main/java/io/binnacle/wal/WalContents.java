package io.binnacle.wal;

import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log holds above a snapshot.
 *
 * @param metadata whose log it is; null if no segment read had it
 * @param state the last hard state, or null
 * @param entries consecutive from the snapshot's index + 1, later records having replaced earlier ones; the end may be
 *     uncommitted
 * @param lastIndex the index of the last entry or snapshot record
 * @param snapshotFound whether the log has a record of the snapshot it was read from
 * @param complete whether the log ended cleanly; false only when a torn tail was tolerated by a reader
 * @param repaired whether the last segment was repaired before it was read
 */
public record WalContents(@Nullable Bytes metadata, @Nullable HardState state, List<Entry> entries, long lastIndex,
        boolean snapshotFound, boolean complete, boolean repaired) {}
