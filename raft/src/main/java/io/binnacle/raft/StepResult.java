package io.binnacle.raft;

/** How an input was taken. Anything but {@link #OK} means that it changed nothing. */
public enum StepResult {
    /** Taken. */
    OK("ok"),
    /** No leader, a transfer in progress, too much uncommitted, or this leader is no member any more. */
    PROPOSAL_DROPPED("raft proposal dropped"),
    /** A peer sent a message that must not leave a member. */
    LOCAL_MESSAGE("raft: cannot step raft local message"),
    /** A response from somebody who is no member. */
    PEER_NOT_FOUND("raft: cannot step as peer not found");

    private final String text;

    StepResult(String text) {
        this.text = text;
    }

    /** The error text that etcd shows. */
    public String text() {
        return text;
    }
}
