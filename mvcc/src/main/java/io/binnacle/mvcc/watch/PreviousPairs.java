package io.binnacle.mvcc.watch;

import io.binnacle.backend.BackendView;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.index.KeyRevision;
import org.jspecify.annotations.Nullable;

/**
 * Reads pairs as they were before an event, from one view: a given one, or the newest one, taken when it is first needed
 * and held until {@link #close}. For one thread.
 */
final class PreviousPairs implements AutoCloseable {

    private final @Nullable WatchSource source;
    private final KeyRevision cell = new KeyRevision();
    private @Nullable MvccView view;
    private BackendView.@Nullable RevisionReader values;

    PreviousPairs(WatchSource source) {
        this.source = source;
    }

    /** From this view, which the caller holds. */
    PreviousPairs(MvccView view) {
        this.source = null;
        this.view = view;
    }

    /** The encoded pair as of a revision; null if the key did not exist or that revision is compacted. */
    @Nullable Bytes at(Bytes key, long revision) {
        MvccView from = view;
        if (from == null) {
            from = Check.present(source).hold();
            view = from;
        }
        if (revision < from.compactRevision()) return null;
        if (!from.index().findLive(key, revision, cell)) return null;
        if (values == null) values = from.backend().revisions();
        return Check.present(Check.present(values).value(cell.main(), cell.sub()));
    }

    @Override
    public void close() {
        if (source != null && view != null) view.release();
        view = null;
        values = null;
    }
}
