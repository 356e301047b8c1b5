package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.mvcc.MvccView;

/** What watching needs of the member. Safe for all threads. */
public interface WatchSource {

    /** The newest published view, held for the caller, who releases it. */
    MvccView hold();

    /** The revision of the newest published view. */
    long revision();

    /** A header with this revision as it is, 0 included. */
    ResponseHeader header(long revision);
}
