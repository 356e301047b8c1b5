package io.binnacle.server.consensus;

/**
 * Who leads, as this member knows it. Immutable.
 *
 * @param leader id of the leader, 0 if none is known
 * @param local whether that is this member
 * @param term this member's term
 * @param soleVoter whether this member is the only one with a vote: then nobody else can have acknowledged a write, and
 *     what it has applied is all there is
 */
public record Leadership(long leader, boolean local, long term, boolean soleVoter) {

    static final Leadership NONE = new Leadership(0, false, 0, false);

    /** Whether a read of the newest published state needs no round trip to be linearizable. */
    public boolean readsLocally() {
        return local && soleVoter;
    }
}
