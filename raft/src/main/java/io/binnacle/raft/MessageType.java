package io.binnacle.raft;

import org.jspecify.annotations.Nullable;

/** Kinds of messages. The numbers are those of raftpb.MessageType; formats of the fields: {@link Message}. */
public enum MessageType {
    /** Local: start an election. */
    HUP(0, "MsgHup"),
    /** Local: the leader's heartbeat is due. */
    BEAT(1, "MsgBeat"),
    /** Propose entries; a follower forwards it to its leader. */
    PROP(2, "MsgProp"),
    /** Append entries. */
    APP(3, "MsgApp"),
    /** Answer to {@link #APP} and {@link #SNAP}. */
    APP_RESP(4, "MsgAppResp"),
    /** Request for a vote. */
    VOTE(5, "MsgVote"),
    /** A vote or its refusal. */
    VOTE_RESP(6, "MsgVoteResp"),
    /** Install a snapshot. */
    SNAP(7, "MsgSnap"),
    /** The leader is alive. */
    HEARTBEAT(8, "MsgHeartbeat"),
    /** Answer to {@link #HEARTBEAT}. */
    HEARTBEAT_RESP(9, "MsgHeartbeatResp"),
    /** Local: the last message to a member could not be sent. */
    UNREACHABLE(10, "MsgUnreachable"),
    /** Local: how the sending of a snapshot ended. */
    SNAP_STATUS(11, "MsgSnapStatus"),
    /** Local: a leader looks whether a quorum still answers. */
    CHECK_QUORUM(12, "MsgCheckQuorum"),
    /** Ask the leader to hand over to the sender. */
    TRANSFER_LEADER(13, "MsgTransferLeader"),
    /** Tell a follower to campaign at once. */
    TIMEOUT_NOW(14, "MsgTimeoutNow"),
    /** Ask for a read index. */
    READ_INDEX(15, "MsgReadIndex"),
    /** Answer to {@link #READ_INDEX}. */
    READ_INDEX_RESP(16, "MsgReadIndexResp"),
    /** Ask whether a vote would be given. */
    PRE_VOTE(17, "MsgPreVote"),
    /** Answer to {@link #PRE_VOTE}. */
    PRE_VOTE_RESP(18, "MsgPreVoteResp"),
    /** To the log writer: make this durable, then send the responses. */
    STORAGE_APPEND(19, "MsgStorageAppend"),
    /** From the log writer: it is durable. */
    STORAGE_APPEND_RESP(20, "MsgStorageAppendResp"),
    /** To the apply loop: apply these entries, then send the responses. */
    STORAGE_APPLY(21, "MsgStorageApply"),
    /** From the apply loop: they are applied. */
    STORAGE_APPLY_RESP(22, "MsgStorageApplyResp"),
    /** Local: a follower is to forget its leader. */
    FORGET_LEADER(23, "MsgForgetLeader");

    private static final MessageType[] BY_NUMBER = values(); // declared in the order of their numbers, which have no gap
    private final int number;
    private final String label;

    MessageType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The kind of a wire number, or null if there is none. */
    public static @Nullable MessageType ofNumber(int number) {
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

    /** Whether it stays inside a member: dropped when it comes from a peer. */
    public boolean isLocal() {
        return switch (this) {
            case HUP, BEAT, UNREACHABLE, SNAP_STATUS, CHECK_QUORUM, STORAGE_APPEND, STORAGE_APPEND_RESP, STORAGE_APPLY,
                    STORAGE_APPLY_RESP -> true;
            default -> false;
        };
    }

    /** Whether it answers another message: dropped when its sender is no member. */
    public boolean isResponse() {
        return switch (this) {
            case APP_RESP, VOTE_RESP, HEARTBEAT_RESP, UNREACHABLE, READ_INDEX_RESP, PRE_VOTE_RESP, STORAGE_APPEND_RESP,
                    STORAGE_APPLY_RESP -> true;
            default -> false;
        };
    }

    /** The answer to a request for a vote or a pre-vote. */
    public MessageType voteResponse() {
        return switch (this) {
            case VOTE -> VOTE_RESP;
            case PRE_VOTE -> PRE_VOTE_RESP;
            default -> throw new IllegalStateException("not a vote message: " + label);
        };
    }
}
