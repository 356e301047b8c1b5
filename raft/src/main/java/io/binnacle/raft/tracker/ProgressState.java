package io.binnacle.raft.tracker;

/** How a leader feeds a member. */
public enum ProgressState {
    /** Where the logs agree is not known: one append per heartbeat interval, to find out. */
    PROBE("StateProbe"),
    /** The logs agree: appends follow each other without waiting, up to the in-flight limits. */
    REPLICATE("StateReplicate"),
    /** The member needs entries that are gone: nothing is sent until a snapshot has arrived. */
    SNAPSHOT("StateSnapshot");

    private final String label;

    ProgressState(String label) {
        this.label = label;
    }

    /** The name in logs. */
    public String label() {
        return label;
    }
}
