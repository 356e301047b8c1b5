package io.binnacle.raft;

/** What reading a range of the log gives: the entries, or why there are none. */
public sealed interface LogRead permits EntrySlice, LogRead.Missing {

    /** Why a range cannot be had. */
    enum Missing implements LogRead {
        /** It begins before the first index: a snapshot covers it. */
        COMPACTED,
        /** It ends behind the last index. */
        UNAVAILABLE,
        /**
         * It is stored, but not in memory. The storage has taken note and fetches it; the core asks again after
         * {@link io.binnacle.raft.core.RaftNode#storageFetched()}.
         */
        PENDING
    }
}
