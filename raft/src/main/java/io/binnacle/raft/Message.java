package io.binnacle.raft;

import io.binnacle.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message between members, or between the core and its own agents: raftpb.Message.
 *
 * <p>Which fields are on the wire follows from the type: {@code from} always; {@code term} except in PROP and
 * READ_INDEX; then APP: index, logTerm, commit, entries (if any); APP_RESP: index, and when rejecting reject,
 * rejectHint, logTerm; VOTE, PRE_VOTE: index, logTerm, context (if any); their answers: reject if true; HEARTBEAT:
 * commit, context (if any); HEARTBEAT_RESP: context (if any); SNAP: snapshot; PROP, READ_INDEX: entries;
 * READ_INDEX_RESP: index, entries.
 *
 * @param type kind
 * @param to receiver
 * @param from sender; in TRANSFER_LEADER the member that is to become leader
 * @param term sender's term; 0 in local messages, PROP and READ_INDEX
 * @param logTerm term of the entry at {@code index}; in a rejecting APP_RESP that of the entry at {@code rejectHint}
 * @param index the entry before {@code entries}, the candidate's last entry, the last entry matched, or the read index
 * @param entries entries to propose, append or apply
 * @param commit sender's commit index
 * @param snapshot in SNAP, STORAGE_APPEND and its answer
 * @param reject a refusal
 * @param rejectHint the follower's guess where the logs may still agree
 * @param context marks a vote as a transfer, or carries the read-index position through a heartbeat, verbatim
 * @param vote in STORAGE_APPEND: the vote to make durable
 * @param responses in STORAGE_APPEND and STORAGE_APPLY: what to send when it is done
 */
public record Message(MessageType type, long to, long from, long term, long logTerm, long index, EntrySlice entries,
        long commit, @Nullable Snapshot snapshot, boolean reject, long rejectHint, @Nullable Bytes context, long vote,
        List<Message> responses) {

    /** Context of a vote request that a leader has asked for by TIMEOUT_NOW. */
    public static final Bytes CAMPAIGN_TRANSFER = Bytes.utf8("CampaignTransfer");

    /** Whether it asks for a vote because the leader wants to hand over. */
    public boolean isTransferCampaign() {
        return context != null && context.equals(CAMPAIGN_TRANSFER);
    }

    /** A message that carries nothing else. */
    public static Message bare(MessageType type, long to, long from, long term) {
        return new Message(type, to, from, term, 0, 0, EntrySlice.EMPTY, 0, null, false, 0, null, 0, List.of());
    }

    /** A message that carries entries only: PROP, READ_INDEX. */
    public static Message carrying(MessageType type, long to, long from, EntrySlice entries) {
        return new Message(type, to, from, 0, 0, 0, entries, 0, null, false, 0, null, 0, List.of());
    }

    /** A message about an index: APP_RESP. */
    public static Message indexed(MessageType type, long to, long from, long term, long index) {
        return new Message(type, to, from, term, 0, index, EntrySlice.EMPTY, 0, null, false, 0, null, 0, List.of());
    }

    /** A bare refusal. */
    public static Message refusal(MessageType type, long to, long from, long term) {
        return new Message(type, to, from, term, 0, 0, EntrySlice.EMPTY, 0, null, true, 0, null, 0, List.of());
    }

    /** An answer to APP that refuses it. */
    public static Message rejectedAppend(long to, long from, long term, long index, long hint, long hintTerm) {
        return new Message(MessageType.APP_RESP, to, from, term, hintTerm, index, EntrySlice.EMPTY, 0, null, true, hint,
                null, 0, List.of());
    }

    /** Entries to append behind the entry (logTerm, index). */
    public static Message append(long to, long from, long term, long logTerm, long index, EntrySlice entries,
            long commit) {
        return new Message(MessageType.APP, to, from, term, logTerm, index, entries, commit, null, false, 0, null, 0,
                List.of());
    }

    /** A request for a vote or pre-vote, with the candidate's last entry. */
    public static Message voteRequest(MessageType type, long to, long from, long term, long logTerm, long index,
            @Nullable Bytes context) {
        return new Message(type, to, from, term, logTerm, index, EntrySlice.EMPTY, 0, null, false, 0, context, 0,
                List.of());
    }

    /** A snapshot to install. */
    public static Message install(long to, long from, long term, Snapshot snapshot) {
        return new Message(MessageType.SNAP, to, from, term, 0, 0, EntrySlice.EMPTY, 0, snapshot, false, 0, null, 0,
                List.of());
    }

    /** A heartbeat or its answer. */
    public static Message heartbeat(MessageType type, long to, long from, long term, long commit,
            @Nullable Bytes context) {
        return new Message(type, to, from, term, 0, 0, EntrySlice.EMPTY, commit, null, false, 0, context, 0, List.of());
    }
}
