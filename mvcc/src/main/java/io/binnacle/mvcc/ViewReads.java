package io.binnacle.mvcc;

import io.binnacle.backend.BackendView;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyRevision;
import org.jspecify.annotations.Nullable;

/** Reads of one thread on a view that it holds. */
final class ViewReads implements ReadState {

    private final MvccView view;
    private BackendView.@Nullable RevisionReader values;

    ViewReads(MvccView view) {
        this.view = view;
    }

    @Override
    public long revision() {
        return view.revision();
    }

    @Override
    public long compactRevision() {
        return view.compactRevision();
    }

    @Override
    public IndexView index() {
        return view.index();
    }

    @Override
    public Bytes load(KeyRevision revision) {
        if (values == null) values = view.backend().revisions();
        return present(values.value(revision.main(), revision.sub()), revision);
    }

    static Bytes present(@Nullable Bytes value, KeyRevision revision) {
        if (value == null) missing(revision);
        return java.util.Objects.requireNonNull(value);
    }

    private static void missing(KeyRevision revision) {
        Check.that(false, "revision %d_%d is in the index and not in the store", revision.main(), revision.sub());
    }
}
