package io.binnacle.raft.core;

import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.Role;
import io.binnacle.raft.StepResult;

/** What messages of its own term mean to a candidate or pre-candidate. */
final class CandidateRole {

    private final Core core;
    private final Elections elections;
    private final FollowerRole follower;

    CandidateRole(Core core, Elections elections, FollowerRole follower) {
        this.core = core;
        this.elections = elections;
        this.follower = follower;
    }

    StepResult step(Message m) {
        switch (m.type()) {
            case PROP -> {
                if (core.logs(Level.INFO)) {
                    core.info(Core.hex(core.id) + " no leader at term " + core.term() + "; dropping proposal");
                }
                return StepResult.PROPOSAL_DROPPED;
            }
            case APP, HEARTBEAT, SNAP -> { // the term has a leader, thesis §3.4
                core.becomeFollower(m.term(), m.from());
                follower.onLeader(m);
            }
            case VOTE_RESP, PRE_VOTE_RESP -> {
                MessageType mine = core.role() == Role.PRE_CANDIDATE ? MessageType.PRE_VOTE_RESP : MessageType.VOTE_RESP;
                if (m.type() == mine) elections.onVoteResponse(m); // else left over from before
            }
            case TIMEOUT_NOW -> core.debug(Core.hex(core.id) + " [term " + core.term() + " state " + core.role().label()
                    + "] ignored MsgTimeoutNow from " + Core.hex(m.from()));
            default -> { }
        }
        return StepResult.OK;
    }
}
