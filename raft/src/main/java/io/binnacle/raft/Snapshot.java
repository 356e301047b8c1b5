package io.binnacle.raft;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The state machine up to an entry, which replaces the log up to there.
 *
 * @param meta where it stands
 * @param data the caller's own, opaque here; null where the field is absent
 */
public record Snapshot(SnapshotMeta meta, @Nullable Bytes data) {

    /** What a storage without snapshot has. */
    public static final Snapshot EMPTY = new Snapshot(new SnapshotMeta(ConfState.EMPTY, 0, 0), null);

    /** Last entry it covers. */
    public long index() {
        return meta.index();
    }

    /** Term of that entry. */
    public long term() {
        return meta.term();
    }
}
