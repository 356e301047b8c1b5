package io.binnacle.raft.core;

import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.StepResult;
import org.jspecify.annotations.Nullable;

/** Takes one message: first its term, then what is the same in all roles, then the role. */
final class Stepper {

    private final Core core;
    private final Elections elections;
    private final LeaderRole leader;
    private final CandidateRole candidate;
    private final FollowerRole follower;

    Stepper(Core core, Elections elections, LeaderRole leader, CandidateRole candidate, FollowerRole follower) {
        this.core = core;
        this.elections = elections;
        this.leader = leader;
        this.candidate = candidate;
        this.follower = follower;
    }

    StepResult step(Message m) {
        if (m.term() != 0) { // 0: local, or about no term
            if (Long.compareUnsigned(m.term(), core.term()) > 0) {
                if (!adoptTerm(m)) return StepResult.OK;
            } else if (m.term() != core.term()) {
                onStale(m);
                return StepResult.OK;
            }
        }
        switch (m.type()) {
            case HUP -> campaign();
            case VOTE, PRE_VOTE -> elections.onVoteRequest(m);
            case STORAGE_APPEND_RESP -> {
                if (m.index() != 0) core.log.stableTo(m.logTerm(), m.index());
                onStoredSnapshot(m.snapshot());
            }
            case STORAGE_APPLY_RESP -> onApplied(m.entries());
            default -> {
                return switch (core.role()) {
                    case LEADER -> leader.step(m);
                    case CANDIDATE, PRE_CANDIDATE -> candidate.step(m);
                    case FOLLOWER -> follower.step(m);
                };
            }
        }
        return StepResult.OK;
    }

    void campaign() {
        elections.start(core.options.preVote() ? Elections.Campaign.PRE_ELECTION : Elections.Campaign.ELECTION);
    }

    /** A higher term makes everybody a follower, thesis §3.3; false if the message is not listened to. */
    private boolean adoptTerm(Message m) {
        switch (m.type()) {
            case VOTE, PRE_VOTE -> {
                boolean forced = m.isTransferCampaign();
                boolean leaderAlive = core.options.checkQuorum() && core.leader() != NodeId.NONE
                        && core.timer.leaseTicksLeft() > 0;
                if (leaderAlive && !forced) { // removed members must not disturb the others, thesis §4.2.3
                    elections.ignore(m);
                    return false;
                }
                if (m.type() == MessageType.PRE_VOTE) return true; // asks about a term that nobody has begun
            }
            case PRE_VOTE_RESP -> {
                // A pre-vote was granted for a term to come. A refusal carries the term of who refused.
                if (!m.reject()) return true;
            }
            default -> { }
        }
        core.info(Core.hex(core.id) + " [term: " + core.term() + "] received a " + m.type().label()
                + " message with higher term from " + Core.hex(m.from()) + " [term: " + m.term() + "]");
        boolean fromLeader = switch (m.type()) {
            case APP, HEARTBEAT, SNAP -> true;
            default -> false;
        };
        core.becomeFollower(m.term(), fromLeader ? m.from() : NodeId.NONE);
        return true;
    }

    private void onStale(Message m) {
        switch (m.type()) {
            case APP, HEARTBEAT -> {
                if (core.options.checkQuorum() || core.options.preVote()) {
                    // We may have a higher term than a leader that has a quorum, and not be able to win: our term must
                    // reach it, or it would ignore us and we it for ever.
                    core.outbox.sendAfterAppend(Message.bare(MessageType.APP_RESP, m.from(), core.id, core.term()));
                } else {
                    ignoreStale(m);
                }
            }
            case PRE_VOTE -> elections.refuse(m); // so that a candidate that is behind learns the term
            case STORAGE_APPEND_RESP -> {
                // What was stored in an earlier term may be about to be overwritten by what is being stored now.
                if (m.index() != 0) {
                    core.info(Core.hex(core.id) + " [term: " + core.term() + "] ignored entry appends from a "
                            + m.type().label() + " message with lower term [term: " + m.term() + "]");
                }
                onStoredSnapshot(m.snapshot()); // a snapshot is committed, so its term does not matter
            }
            default -> ignoreStale(m);
        }
    }

    private void ignoreStale(Message m) {
        core.info(Core.hex(core.id) + " [term: " + core.term() + "] ignored a " + m.type().label()
                + " message with lower term from " + Core.hex(m.from()) + " [term: " + m.term() + "]");
    }

    private void onStoredSnapshot(@Nullable Snapshot snapshot) {
        if (snapshot == null) return;
        core.log.stableSnapshotTo(snapshot.index());
        appliedTo(snapshot.index(), 0);
    }

    private void onApplied(EntrySlice entries) {
        if (entries.isEmpty()) return;
        appliedTo(entries.last().index(), entries.encodedBytes());
        core.uncommitted.remove(entries.dataBytes());
    }

    /** The state machine has everything up to an index, or had more already by a snapshot. */
    void appliedTo(long index, long bytes) {
        core.log.appliedTo(Math.max(index, core.log.applied()), bytes);
        leader.leaveJointIfDue();
    }
}
