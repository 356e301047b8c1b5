package io.binnacle.raft.core;

import io.binnacle.base.Check;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.ReadOnlyOption;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.StepResult;

/** What messages of its own term mean to a follower. */
final class FollowerRole {

    private final Core core;
    private final Elections elections;
    private final Memberships memberships;

    FollowerRole(Core core, Elections elections, Memberships memberships) {
        this.core = core;
        this.elections = elections;
        this.memberships = memberships;
    }

    StepResult step(Message m) {
        switch (m.type()) {
            case PROP -> {
                return forwardProposal(m);
            }
            case APP, HEARTBEAT, SNAP -> onLeader(m);
            case TRANSFER_LEADER -> forward(m, "leader transfer");
            case READ_INDEX -> forward(m, "index reading");
            case READ_INDEX_RESP -> onReadIndex(m);
            case TIMEOUT_NOW -> {
                core.info(Core.hex(core.id) + " [term " + core.term() + "] received MsgTimeoutNow from "
                        + Core.hex(m.from()) + " and starts an election to get leadership.");
                elections.start(Elections.Campaign.TRANSFER); // no pre-vote: the leader has agreed
            }
            case FORGET_LEADER -> forgetLeader();
            default -> { }
        }
        return StepResult.OK;
    }

    /** A message of the term's leader. */
    void onLeader(Message m) {
        core.follow(m.from());
        switch (m.type()) {
            case APP -> onAppend(m);
            case HEARTBEAT -> onHeartbeat(m);
            default -> onSnapshot(m);
        }
    }

    private void onAppend(Message m) {
        if (m.index() < core.log.committed()) { // an old append; what is committed cannot conflict
            acknowledge(m.from(), core.log.committed());
            return;
        }
        checkContiguous(m);
        if (core.log.tryAppend(m.logTerm(), m.index(), m.entries(), m.commit())) {
            acknowledge(m.from(), m.index() + m.entries().size());
            return;
        }
        if (core.logs(Level.DEBUG)) {
            core.debug(Core.hex(core.id) + " [logterm: " + core.log.termOrZero(m.index()) + ", index: " + m.index()
                    + "] rejected MsgApp [logterm: " + m.logTerm() + ", index: " + m.index() + "] from "
                    + Core.hex(m.from()));
        }
        // The logs can agree nowhere where ours has a later term than the entry that the leader has there.
        long hint = core.log.lastIndexWithTermAtMost(m.logTerm(), Math.min(m.index(), core.log.lastIndex()));
        long hintTerm = core.log.termOrZero(hint);
        core.outbox.sendAfterAppend(
                Message.rejectedAppend(m.from(), core.id, core.term(), m.index(), hint, hintTerm));
    }

    private static void checkContiguous(Message m) {
        EntrySlice entries = m.entries();
        for (int at = 0; at < entries.size(); at++) {
            Check.that(entries.get(at).index() == m.index() + 1 + at, "entries of an append are not contiguous");
        }
    }

    /** Leaves only when the entries are durable. */
    private void acknowledge(long to, long index) {
        core.outbox.sendAfterAppend(Message.indexed(MessageType.APP_RESP, to, core.id, core.term(), index));
    }

    private void onHeartbeat(Message m) {
        core.log.commitTo(m.commit());
        core.outbox.send(
                Message.heartbeat(MessageType.HEARTBEAT_RESP, m.from(), core.id, core.term(), 0, m.context()));
    }

    private void onSnapshot(Message m) {
        Snapshot snapshot = m.snapshot() == null ? Snapshot.EMPTY : m.snapshot();
        if (memberships.install(snapshot)) {
            core.info(Core.hex(core.id) + " [commit: " + core.log.committed() + "] restored snapshot"
                    + Memberships.describe(snapshot));
            acknowledge(m.from(), core.log.lastIndex());
        } else {
            core.info(Core.hex(core.id) + " [commit: " + core.log.committed() + "] ignored snapshot"
                    + Memberships.describe(snapshot));
            acknowledge(m.from(), core.log.committed());
        }
    }

    private StepResult forwardProposal(Message m) {
        if (core.leader() == NodeId.NONE) {
            if (core.logs(Level.INFO)) {
                core.info(Core.hex(core.id) + " no leader at term " + core.term() + "; dropping proposal");
            }
            return StepResult.PROPOSAL_DROPPED;
        }
        if (core.options.disableProposalForwarding()) {
            if (core.logs(Level.INFO)) {
                core.info(Core.hex(core.id) + " not forwarding to leader " + Core.hex(core.leader()) + " at term "
                        + core.term() + "; dropping proposal");
            }
            return StepResult.PROPOSAL_DROPPED;
        }
        core.outbox.send(Message.carrying(MessageType.PROP, core.leader(), senderOf(m), m.entries()));
        return StepResult.OK;
    }

    private void forward(Message m, String what) {
        if (core.leader() == NodeId.NONE) {
            core.info(Core.hex(core.id) + " no leader at term " + core.term() + "; dropping " + what + " msg");
            return;
        }
        if (m.type() == MessageType.READ_INDEX) { // carries no term: it is not about this one
            core.outbox.send(Message.carrying(MessageType.READ_INDEX, core.leader(), senderOf(m), m.entries()));
        } else {
            core.outbox.send(Message.bare(m.type(), core.leader(), senderOf(m), core.term()));
        }
    }

    private long senderOf(Message m) {
        return m.from() == NodeId.NONE ? core.id : m.from();
    }

    private void onReadIndex(Message m) {
        if (m.entries().size() != 1) {
            core.error(Core.hex(core.id) + " invalid format of MsgReadIndexResp from " + Core.hex(m.from())
                    + ", entries count: " + m.entries().size());
            return;
        }
        core.outbox.answerRead(new ReadState(Reads.contextOf(m.entries()), m.index()));
    }

    private void forgetLeader() {
        if (core.options.readOnly() == ReadOnlyOption.LEASE_BASED) {
            core.error("ignoring MsgForgetLeader due to ReadOnlyLeaseBased"); // the lease counts on our loyalty
            return;
        }
        if (core.leader() == NodeId.NONE) return;
        core.info(Core.hex(core.id) + " forgetting leader " + Core.hex(core.leader()) + " at term " + core.term());
        core.forgetLeader();
    }
}
