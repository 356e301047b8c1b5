package io.binnacle.raft.confchange;

/** What happens to one member. The numbers are those of raftpb.ConfChangeType. */
public enum ConfChangeType {
    /** It becomes a voter. */
    ADD_NODE(0, "ConfChangeAddNode"),
    /** It leaves. */
    REMOVE_NODE(1, "ConfChangeRemoveNode"),
    /** Nothing: the caller changes something of its own, in log order. */
    UPDATE_NODE(2, "ConfChangeUpdateNode"),
    /** It becomes a learner. */
    ADD_LEARNER_NODE(3, "ConfChangeAddLearnerNode");

    private final int number;
    private final String label;

    ConfChangeType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The wire number. */
    public int number() {
        return number;
    }

    /** The name in logs. */
    public String label() {
        return label;
    }

    static ConfChangeType ofNumber(long number) {
        for (ConfChangeType each : values()) {
            if (each.number == number) return each;
        }
        throw new MalformedChange("unknown conf change type " + number);
    }
}
