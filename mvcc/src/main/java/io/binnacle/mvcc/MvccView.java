package io.binnacle.mvcc;

import io.binnacle.backend.BackendView;
import io.binnacle.mvcc.index.IndexView;

/**
 * The keys as they were after some entry. Immutable. Whoever reads it holds it: {@link #acquire}, read, {@link
 * #release}.
 */
public final class MvccView {

    private final long revision;
    private final long compactRevision;
    private final IndexView index;
    private final BackendView backend;

    MvccView(long revision, long compactRevision, IndexView index, BackendView backend) {
        this.revision = revision;
        this.compactRevision = compactRevision;
        this.index = index;
        this.backend = backend;
    }

    /** The newest revision in it. */
    public long revision() {
        return revision;
    }

    /** Revisions below are not readable; -1 if nothing was ever compacted. */
    public long compactRevision() {
        return compactRevision;
    }

    /** The keys and their revisions. */
    public IndexView index() {
        return index;
    }

    /** All buckets at the same moment. */
    public BackendView backend() {
        return backend;
    }

    /** Holds it once more; false if it was released for good, then the caller takes the newest view. */
    public boolean acquire() {
        return backend.acquire();
    }

    /** Ends one hold. */
    public void release() {
        backend.release();
    }
}
