package io.binnacle.raft.script;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SoftState;
import io.binnacle.raft.confchange.ConfChangeSingle;
import io.binnacle.raft.confchange.MembershipChange;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Texts of messages and readies as the recorded scripts show them. */
public final class Describe {

    private Describe() {}

    /** A ready, in lines. */
    public static String ready(Ready ready) {
        StringBuilder text = new StringBuilder();
        SoftState soft = ready.softState();
        if (soft != null) {
            text.append("Lead:").append(soft.leader()).append(" State:").append(soft.role().label()).append('\n');
        }
        HardState hard = ready.hardState();
        if (hard != null) {
            text.append("HardState Term:").append(hard.term());
            if (hard.vote() != 0) text.append(" Vote:").append(hard.vote());
            text.append(" Commit:").append(hard.commit()).append('\n');
        }
        if (!ready.readStates().isEmpty()) text.append("ReadStates ").append(ready.readStates()).append('\n');
        if (!ready.entries().isEmpty()) text.append("Entries:\n").append(entries(ready.entries()));
        if (ready.snapshot() != null) text.append("Snapshot ").append(snapshot(ready.snapshot())).append('\n');
        if (!ready.committedEntries().isEmpty()) {
            text.append("CommittedEntries:\n").append(entries(ready.committedEntries()));
        }
        if (!ready.messages().isEmpty()) {
            text.append("Messages:\n");
            for (Message message : ready.messages()) text.append(message(message)).append('\n');
        }
        return text.isEmpty() ? "<empty Ready>\n" : "Ready MustSync=" + ready.mustSync() + ":\n" + text;
    }

    /** Entries, a line each. */
    public static String entries(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) text.append(entry(entry)).append('\n');
        return text.toString();
    }

    /** A message, without its end of line. */
    public static String message(Message m) {
        StringBuilder text = new StringBuilder();
        text.append(node(m.from())).append("->").append(node(m.to())).append(' ').append(m.type().label());
        text.append(" Term:").append(m.term()).append(" Log:").append(m.logTerm()).append('/').append(m.index());
        if (m.reject()) text.append(" Rejected (Hint: ").append(m.rejectHint()).append(')');
        if (m.commit() != 0) text.append(" Commit:").append(m.commit());
        if (m.vote() != 0) text.append(" Vote:").append(m.vote());
        if (m.entries().size() == 1) {
            text.append(" Entries:[").append(entry(m.entries().get(0))).append(']');
        } else if (!m.entries().isEmpty()) {
            text.append(" Entries:[");
            for (Entry entry : m.entries()) text.append("\n  ").append(entry(entry));
            text.append("\n]");
        }
        if (m.snapshot() != null) text.append("\n  Snapshot: ").append(snapshot(m.snapshot()));
        if (!m.responses().isEmpty()) {
            text.append(" Responses:[");
            for (Message response : m.responses()) text.append("\n  ").append(message(response));
            text.append("\n]");
        }
        return text.toString();
    }

    private static String node(long id) {
        if (id == NodeId.APPEND_THREAD) return "AppendThread";
        if (id == NodeId.APPLY_THREAD) return "ApplyThread";
        return NodeId.hex(id);
    }

    private static String snapshot(Snapshot snapshot) {
        ConfState members = snapshot.meta().confState();
        return "Index:" + snapshot.index() + " Term:" + snapshot.term() + " ConfState:Voters:" + ids(members.voters())
                + " VotersOutgoing:" + ids(members.votersOutgoing()) + " Learners:" + ids(members.learners())
                + " LearnersNext:" + ids(members.learnersNext()) + " AutoLeave:" + members.autoLeave();
    }

    private static String ids(List<Long> ids) {
        StringJoiner text = new StringJoiner(" ", "[", "]");
        for (long id : ids) text.add(Long.toUnsignedString(id));
        return text.toString();
    }

    private static String entry(Entry entry) {
        String shown = entry.type() == EntryType.NORMAL ? quoted(entry.data()) : changes(entry);
        return entry.term() + "/" + entry.index() + " " + entry.type().label() + (shown.isEmpty() ? "" : " " + shown);
    }

    private static String quoted(@Nullable Bytes data) {
        String text = data == null ? "" : data.toUtf8();
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String changes(Entry entry) {
        StringJoiner text = new StringJoiner(" ");
        for (ConfChangeSingle change : MembershipChange.of(entry.type(), entry.data()).asV2().changes()) {
            char letter = switch (change.type()) {
                case ADD_NODE -> 'v';
                case ADD_LEARNER_NODE -> 'l';
                case REMOVE_NODE -> 'r';
                case UPDATE_NODE -> 'u';
            };
            text.add(letter + Long.toUnsignedString(change.nodeId()));
        }
        return text.toString();
    }
}
