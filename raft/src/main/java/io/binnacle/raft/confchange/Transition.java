package io.binnacle.raft.confchange;

/** How a change goes through a joint membership. The numbers are those of raftpb.ConfChangeTransition. */
public enum Transition {
    /** Joint only if more than one member changes, and left automatically. */
    AUTO(0, "ConfChangeTransitionAuto"),
    /** Joint in any case, left automatically. */
    JOINT_IMPLICIT(1, "ConfChangeTransitionJointImplicit"),
    /** Joint in any case, left when an empty change is proposed. */
    JOINT_EXPLICIT(2, "ConfChangeTransitionJointExplicit");

    private final int number;
    private final String label;

    Transition(int number, String label) {
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

    static Transition ofNumber(long number) {
        for (Transition each : values()) {
            if (each.number == number) return each;
        }
        throw new MalformedChange("unknown transition " + number);
    }
}
