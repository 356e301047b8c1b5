package io.binnacle.raft.quorum;

/** How a vote stands. */
public enum VoteResult {
    /** Neither is certain yet. */
    PENDING("VotePending"),
    /** A quorum can no longer say yes. */
    LOST("VoteLost"),
    /** A quorum has said yes. */
    WON("VoteWon");

    private final String label;

    VoteResult(String label) {
        this.label = label;
    }

    /** The name in logs. */
    public String label() {
        return label;
    }
}
