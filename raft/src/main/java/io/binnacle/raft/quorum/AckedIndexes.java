package io.binnacle.raft.quorum;

/** Up to which index each member has acknowledged. */
@FunctionalInterface
public interface AckedIndexes {

    /** The index of one member, 0 if it is not known to have any. */
    long of(long id);
}
