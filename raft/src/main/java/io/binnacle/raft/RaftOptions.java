package io.binnacle.raft;

/**
 * Behaviour that can be chosen.
 *
 * @param asyncStorageWrites storage work leaves as messages and is acknowledged by messages; else {@code advance()}
 * @param checkQuorum a leader steps down when a quorum has been silent for an election timeout, and members that hear
 *     a leader ignore candidates
 * @param preVote candidates ask before they raise the term, thesis §9.6
 * @param readOnly how read indexes are confirmed
 * @param disableProposalForwarding followers drop proposals
 * @param disableConfChangeValidation leaders let every membership change into the log
 * @param stepDownOnRemoval a leader that applies its own removal or demotion becomes a follower
 */
public record RaftOptions(boolean asyncStorageWrites, boolean checkQuorum, boolean preVote, ReadOnlyOption readOnly,
        boolean disableProposalForwarding, boolean disableConfChangeValidation, boolean stepDownOnRemoval) {

    /** Checks that a lease has what it stands on. */
    public RaftOptions {
        if (readOnly == ReadOnlyOption.LEASE_BASED && !checkQuorum) {
            throw new IllegalArgumentException("reads by lease need check-quorum");
        }
    }

    /** What etcd sets, with asynchronous storage writes as this project runs them. */
    public static RaftOptions production(boolean preVote) {
        return new RaftOptions(true, true, preVote, ReadOnlyOption.SAFE, false, false, false);
    }
}
