package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.StepResult;
import io.binnacle.raft.confchange.ConfChangeV2;
import io.binnacle.raft.confchange.MembershipChange;
import io.binnacle.raft.tracker.Progress;
import io.binnacle.raft.tracker.ProgressMap;
import io.binnacle.raft.tracker.ProgressState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What messages of its own term mean to a leader. */
final class LeaderRole {

    private final Core core;
    private final Replication replication;
    private final Reads reads;

    LeaderRole(Core core, Replication replication, Reads reads) {
        this.core = core;
        this.replication = replication;
        this.reads = reads;
    }

    StepResult step(Message m) {
        switch (m.type()) {
            case PROP -> {
                return propose(m.entries());
            }
            case BEAT -> replication.heartbeatToAll(core.reads.heartbeatContext());
            case CHECK_QUORUM -> checkQuorum();
            case READ_INDEX -> reads.onRequest(m);
            case APP_RESP, HEARTBEAT_RESP, SNAP_STATUS, UNREACHABLE, TRANSFER_LEADER -> {
                Progress member = core.tracker.progressOf(m.from());
                if (member == null) {
                    core.debug(Core.hex(core.id) + " no progress available for " + Core.hex(m.from()));
                } else {
                    stepOfMember(m, member);
                }
            }
            default -> { }
        }
        return StepResult.OK;
    }

    private void stepOfMember(Message m, Progress member) {
        switch (m.type()) {
            case APP_RESP -> onAppendResponse(m, member);
            case HEARTBEAT_RESP -> onHeartbeatResponse(m, member);
            case SNAP_STATUS -> onSnapshotStatus(m, member);
            case UNREACHABLE -> onUnreachable(m, member);
            default -> onTransfer(m.from(), member);
        }
    }

    /** One tick: the quorum is checked once in an election timeout, which also bounds a transfer. */
    void tick() {
        if (core.timer.tickLeader()) {
            if (core.options.checkQuorum()) checkQuorum();
            if (core.isLeader()) core.abortTransfer();
        }
        if (core.isLeader() && core.timer.takeHeartbeat()) replication.heartbeatToAll(core.reads.heartbeatContext());
    }

    private void checkQuorum() {
        if (!core.tracker.isQuorumActive()) {
            core.warn(Core.hex(core.id) + " stepped down to follower since quorum is not active");
            core.becomeFollower(core.term(), NodeId.NONE);
        }
        ProgressMap members = core.tracker.progress();
        for (int at = 0; at < members.size(); at++) {
            if (members.idAt(at) != core.id) members.at(at).recentActive(false);
        }
    }

    // Proposals.

    /** Appends commands of this member's own callers: the hot path, so each entry is made once, at its place. */
    StepResult proposeCommands(List<Bytes> commands) {
        if (!takesProposals()) return StepResult.PROPOSAL_DROPPED;
        Entry[] placed = new Entry[commands.size()];
        long index = core.log.lastIndex();
        for (int at = 0; at < placed.length; at++) {
            placed[at] = new Entry(EntryType.NORMAL, false, core.term(), ++index, commands.get(at));
        }
        return append(EntrySlice.of(placed));
    }

    /** Appends proposed entries; membership changes that may not be made now become empty entries. */
    StepResult propose(EntrySlice proposed) {
        Check.that(!proposed.isEmpty(), "stepped empty MsgProp");
        if (!takesProposals()) return StepResult.PROPOSAL_DROPPED;
        Entry[] placed = new Entry[proposed.size()];
        long index = core.log.lastIndex();
        for (int at = 0; at < placed.length; at++) {
            index++;
            Entry entry = proposed.get(at);
            if (entry.changesMembership()) entry = admitted(entry, index);
            placed[at] = entry.at(core.term(), index);
        }
        return append(EntrySlice.of(placed));
    }

    private boolean takesProposals() {
        if (core.tracker.progressOf(core.id) == null) return false; // removed while leading
        if (core.transferee() == NodeId.NONE) return true;
        core.debug(Core.hex(core.id) + " [term " + core.term() + "] transfer leadership to " + Core.hex(core.transferee())
                + " is in progress; dropping proposal");
        return false;
    }

    private StepResult append(EntrySlice placed) {
        if (!core.uncommitted.tryAdd(placed.dataBytes())) {
            core.warn(Core.hex(core.id) + " appending new entries to log would exceed uncommitted entry size limit; "
                    + "dropping proposal");
            return StepResult.PROPOSAL_DROPPED;
        }
        core.appendOwn(placed);
        replication.appendToAll();
        return StepResult.OK;
    }

    private Entry admitted(Entry entry, long index) {
        MembershipChange change = MembershipChange.of(entry.type(), entry.data());
        String refusal = refusal(change.asV2());
        if (refusal != null && !core.options.disableConfChangeValidation()) {
            core.info(Core.hex(core.id) + " ignoring conf change " + change + (change.toString().isEmpty() ? "" : " ")
                    + "at config " + core.tracker.configuration() + ": " + refusal);
            return new Entry(EntryType.NORMAL, true, 0, 0, null);
        }
        core.pendingConfIndex(index);
        return entry;
    }

    /** Why a change must not be proposed now, or null. What is in force may lag behind what is in the log. */
    private @Nullable String refusal(ConfChangeV2 change) {
        if (core.pendingConfIndex() > core.log.applied()) {
            return "possible unapplied conf change at index " + core.pendingConfIndex() + " (applied to "
                    + core.log.applied() + ")";
        }
        boolean joint = core.tracker.configuration().voters().isJoint();
        boolean leaves = change.changes().isEmpty();
        if (joint && !leaves) return "must transition out of joint config first";
        if (!joint && leaves) return "not in joint state; refusing empty conf change";
        return null;
    }

    /** Leaves an automatic joint membership once the change that made it is applied. */
    void leaveJointIfDue() {
        if (!core.isLeader() || !core.tracker.configuration().autoLeave()) return;
        if (core.log.applied() < core.pendingConfIndex()) return;
        // No data: the encoding of a change that changes nothing.
        Entry leave = new Entry(EntryType.CONF_CHANGE_V2, true, 0, 0, null);
        StepResult result = propose(EntrySlice.of(leave));
        if (result == StepResult.OK) {
            core.info("initiating automatic transition out of joint configuration " + core.tracker.configuration());
        } else {
            core.debug("not initiating automatic transition out of joint configuration " + core.tracker.configuration()
                    + ": " + result.text());
        }
    }

    // Answers of members.

    private void onAppendResponse(Message m, Progress member) {
        member.recentActive(true);
        if (m.reject()) {
            onRejectedAppend(m, member);
            return;
        }
        // A probe that was sent before anything matched is answered by what already matches.
        boolean news = member.acknowledged(m.index())
                || (member.match() == m.index() && member.state() == ProgressState.PROBE);
        if (!news) return;
        switch (member.state()) {
            case PROBE -> member.becomeReplicate();
            case SNAPSHOT -> {
                // Any index will do from which the log can go on, whatever snapshot was sent last.
                if (member.match() + 1 >= core.log.firstIndex()) {
                    core.debug(Core.hex(core.id) + " recovered from needing snapshot, resumed sending replication messages"
                            + " to " + Core.hex(m.from()) + " [" + member + "]");
                    member.becomeProbe();
                    member.becomeReplicate();
                }
            }
            case REPLICATE -> member.inflights().freeTo(m.index());
        }
        boolean isOwn = m.from() == core.id;
        if (core.tryCommit()) {
            reads.onCommit();
            replication.appendToAll();
        } else if (!isOwn && member.canBumpCommit(core.log.committed())) {
            replication.append(m.from(), member, true); // sooner than the next heartbeat
        }
        if (!isOwn) {
            boolean sent = true; // room was made, perhaps for more than one append; bounded by the in-flight limit
            while (sent) sent = replication.append(m.from(), member, false);
        }
        if (m.from() == core.transferee() && member.match() == core.log.lastIndex()) {
            core.info(Core.hex(core.id) + " sent MsgTimeoutNow to " + Core.hex(m.from()) + " after received MsgAppResp");
            sendTimeoutNow(m.from());
        }
    }

    /** Finds where to probe next, thesis §3.5, skipping whole terms: the logs can agree nowhere behind the hint. */
    private void onRejectedAppend(Message m, Progress member) {
        if (core.logs(Level.DEBUG)) {
            core.debug(Core.hex(core.id) + " received MsgAppResp(rejected, hint: (index " + m.rejectHint() + ", term "
                    + m.logTerm() + ")) from " + Core.hex(m.from()) + " for index " + m.index());
        }
        long probe = m.logTerm() > 0 ? core.log.lastIndexWithTermAtMost(m.logTerm(), m.rejectHint()) : m.rejectHint();
        if (!member.refused(m.index(), probe)) return;
        core.debug(Core.hex(core.id) + " decreased progress of " + Core.hex(m.from()) + " to [" + member + "]");
        if (member.state() == ProgressState.REPLICATE) member.becomeProbe();
        replication.append(m.from(), member, true);
    }

    private void onHeartbeatResponse(Message m, Progress member) {
        member.recentActive(true);
        member.resumeAppends();
        // In REPLICATE this probes a member whose window is full because its answers were lost.
        if (member.match() < core.log.lastIndex() || member.state() == ProgressState.PROBE) {
            replication.append(m.from(), member, true);
        }
        reads.onHeartbeatResponse(m.from(), m.context());
    }

    private void onSnapshotStatus(Message m, Progress member) {
        if (member.state() != ProgressState.SNAPSHOT) return;
        if (m.reject()) {
            member.snapshotFailed();
        } else {
            member.becomeProbe();
        }
        core.debug(Core.hex(core.id) + " snapshot " + (m.reject() ? "failed" : "succeeded")
                + ", resumed sending replication messages to " + Core.hex(m.from()) + " [" + member + "]");
        member.pauseAppends(); // until it answers, or for a heartbeat interval if the snapshot was lost
    }

    private void onUnreachable(Message m, Progress member) {
        if (member.state() == ProgressState.REPLICATE) member.becomeProbe(); // an append was probably lost
        if (core.logs(Level.DEBUG)) {
            core.debug(Core.hex(core.id) + " failed to send message to " + Core.hex(m.from())
                    + " because it is unreachable [" + member + "]");
        }
    }

    // Transfer of leadership, thesis §3.10.

    private void onTransfer(long to, Progress member) {
        String self = Core.hex(core.id);
        String other = Core.hex(to);
        if (member.isLearner()) {
            core.debug(self + " is learner. Ignored transferring leadership");
            return;
        }
        String inTerm = " [term " + core.term() + "] ";
        if (core.transferee() == to) {
            core.info(self + inTerm + "transfer leadership to " + other + " is in progress, ignores request to same node "
                    + other);
            return;
        }
        if (core.transferee() != NodeId.NONE) {
            long former = core.transferee();
            core.abortTransfer();
            core.info(self + inTerm + "abort previous transferring leadership to " + Core.hex(former));
        }
        if (to == core.id) {
            core.debug(self + " is already leader. Ignored transferring leadership to self");
            return;
        }
        core.info(self + inTerm + "starts to transfer leadership to " + other);
        core.timer.heardOfLeader(); // a transfer has one election timeout
        core.transferee(to);
        if (member.match() == core.log.lastIndex()) {
            sendTimeoutNow(to);
            core.info(self + " sends MsgTimeoutNow to " + other + " immediately as " + other
                    + " already has up-to-date log");
        } else {
            replication.append(to, member, true);
        }
    }

    private void sendTimeoutNow(long to) {
        core.outbox.send(Message.bare(MessageType.TIMEOUT_NOW, to, core.id, core.term()));
    }
}
