package io.binnacle.raft;

/** What a member is at the moment, thesis §3.3, with the pre-candidate of §9.6. */
public enum Role {
    /** Answers leaders and candidates. */
    FOLLOWER("StateFollower"),
    /** Asks for votes in a new term. */
    CANDIDATE("StateCandidate"),
    /** Replicates its log. */
    LEADER("StateLeader"),
    /** Asks whether an election could be won, without touching its term. */
    PRE_CANDIDATE("StatePreCandidate");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** The name in logs. */
    public String label() {
        return label;
    }
}
