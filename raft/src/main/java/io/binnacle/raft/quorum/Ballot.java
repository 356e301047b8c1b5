package io.binnacle.raft.quorum;

/** What each member has said so far. */
@FunctionalInterface
public interface Ballot {

    /** A member's vote. */
    enum Vote {
        /** Not heard of. */
        MISSING,
        /** Granted. */
        YES,
        /** Refused. */
        NO
    }

    /** The vote of one member. */
    Vote of(long id);
}
