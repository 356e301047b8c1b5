package io.binnacle.raft;

import org.jspecify.annotations.Nullable;

/** What an entry's data is. The numbers are those of raftpb.EntryType. */
public enum EntryType {
    /** An opaque command, or nothing: the entry a new leader begins its term with. */
    NORMAL(0, "EntryNormal"),
    /** An encoded {@link io.binnacle.raft.confchange.ConfChange}. */
    CONF_CHANGE(1, "EntryConfChange"),
    /** An encoded {@link io.binnacle.raft.confchange.ConfChangeV2}. */
    CONF_CHANGE_V2(2, "EntryConfChangeV2");

    private static final EntryType[] BY_NUMBER = values(); // declared in the order of their numbers, which have no gap
    private final int number;
    private final String label;

    EntryType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The kind of a wire number, or null if there is none. */
    public static @Nullable EntryType ofNumber(int number) {
        return number < 0 || number >= BY_NUMBER.length ? null : BY_NUMBER[number];
    }

    /** The wire number. */
    public int number() {
        return number;
    }

    /** The name in logs. */
    public String label() {
        return label;
    }
}
