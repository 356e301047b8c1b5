package io.binnacle.mvcc;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyRevision;

/** What a read stands on: an immutable view, or a transaction that sees its own writes. For one thread. */
sealed interface ReadState permits ViewReads, WriteTxn {

    /** The newest revision that is seen. */
    long revision();

    /** Revisions below are not readable; -1 if nothing was ever compacted. */
    long compactRevision();

    /** The index, to be used before the next write. */
    IndexView index();

    /** The encoded {@code KeyValue} stored under a revision. */
    Bytes load(KeyRevision revision);
}
