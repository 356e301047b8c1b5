package io.binnacle.raft.core;

import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.quorum.IdSet;
import io.binnacle.raft.quorum.VoteResult;

/** Campaigns and votes, thesis §3.4, §3.6.1, and pre-votes, §9.6. */
final class Elections {

    /** Encoded bytes of log that are looked through at a time for a membership change. */
    private static final long SCAN_PAGE_BYTES = 1 << 20;

    /** How a campaign came about. */
    enum Campaign {
        /** Asks first whether it could win. */
        PRE_ELECTION,
        /** Raises the term. */
        ELECTION,
        /** The leader asked for it, so voters need not protect the leader. */
        TRANSFER
    }

    private final Core core;
    private final Replication replication;

    Elections(Core core, Replication replication) {
        this.core = core;
        this.replication = replication;
    }

    /** Starts an election if this member may. */
    void start(Campaign campaign) {
        if (core.isLeader()) {
            core.debug(Core.hex(core.id) + " ignoring MsgHup because already leader");
            return;
        }
        if (!core.isPromotable()) {
            core.warn(Core.hex(core.id) + " is unpromotable and can not campaign");
            return;
        }
        if (hasUnappliedMembershipChange()) {
            core.warn(Core.hex(core.id) + " cannot campaign at term " + core.term()
                    + " since there are still pending configuration changes to apply");
            return;
        }
        core.info(Core.hex(core.id) + " is starting a new election at term " + core.term());
        campaign(campaign);
    }

    /** A committed change that is not in force here might make this a majority of the wrong members. */
    private boolean hasUnappliedMembershipChange() {
        long low = core.log.applied() + 1;
        long end = core.log.committed() + 1;
        while (low < end) {
            LogRead read = core.log.entries(low, end, SCAN_PAGE_BYTES);
            if (!(read instanceof EntrySlice page)) return true; // cannot tell, so not now
            for (int at = 0; at < page.size(); at++) {
                if (page.get(at).changesMembership()) return true;
            }
            low += page.size();
        }
        return false;
    }

    void campaign(Campaign campaign) {
        boolean pre = campaign == Campaign.PRE_ELECTION;
        if (pre) {
            core.becomePreCandidate();
        } else {
            core.becomeCandidate();
        }
        MessageType type = pre ? MessageType.PRE_VOTE : MessageType.VOTE;
        long voteTerm = pre ? core.term() + 1 : core.term(); // a pre-candidate asks for the term that it would begin
        IdSet voters = core.tracker.configuration().voters().all();
        for (int at = 0; at < voters.size(); at++) {
            long to = voters.at(at);
            if (to == core.id) { // the own vote counts once it is durable
                core.outbox.sendAfterAppend(Message.bare(type.voteResponse(), to, core.id, voteTerm));
                continue;
            }
            core.info(core.describeLast() + "] sent " + type.label() + " request to " + Core.hex(to) + " at term "
                    + core.term());
            core.outbox.send(Message.voteRequest(type, to, core.id, voteTerm, core.log.lastTerm(), core.log.lastIndex(),
                    campaign == Campaign.TRANSFER ? Message.CAMPAIGN_TRANSFER : null));
        }
    }

    /** Answers a candidate of this term, or a pre-candidate of any. */
    void onVoteRequest(Message m) {
        boolean pre = m.type() == MessageType.PRE_VOTE;
        boolean mayVote = core.votedFor() == m.from()
                || (core.votedFor() == NodeId.NONE && core.leader() == NodeId.NONE)
                || (pre && m.term() > core.term());
        if (mayVote && core.log.isUpToDate(m.logTerm(), m.index())) {
            core.info(describe(m, " cast ", " for "));
            // For a pre-vote the term of the request: the candidate would ignore an answer from a lower one.
            core.outbox.sendAfterAppend(Message.bare(m.type().voteResponse(), m.from(), core.id, m.term()));
            if (!pre) core.voteFor(m.from());
        } else {
            refuse(m);
        }
    }

    /** Refuses a vote with the own term, so that a candidate that is behind learns of it. */
    void refuse(Message m) {
        core.info(describe(m, " rejected ", " from "));
        core.outbox.sendAfterAppend(Message.refusal(m.type().voteResponse(), m.from(), core.id, core.term()));
    }

    /** Says that a candidate is not listened to while the leader is alive. */
    void ignore(Message m) {
        core.info(describe(m, " ignored ", " from ") + ": lease is not expired (remaining ticks: "
                + core.timer.leaseTicksLeft() + ")");
    }

    private String describe(Message m, String did, String whom) {
        return core.describeLast() + ", vote: " + Core.hex(core.votedFor()) + "]" + did + m.type().label() + whom
                + Core.hex(m.from()) + " [logterm: " + m.logTerm() + ", index: " + m.index() + "] at term " + core.term();
    }

    /** Counts an answer to this candidate. */
    void onVoteResponse(Message m) {
        String kind = m.type().label();
        core.info(Core.hex(core.id) + " received " + kind + (m.reject() ? " rejection" : "") + " from "
                + Core.hex(m.from()) + " at term " + core.term());
        core.tracker.recordVote(m.from(), !m.reject());
        VoteResult result = core.tracker.result();
        core.info(Core.hex(core.id) + " has received " + core.tracker.votes(true) + " " + kind + " votes and "
                + core.tracker.votes(false) + " vote rejections");
        switch (result) {
            case WON -> {
                if (m.type() == MessageType.PRE_VOTE_RESP) {
                    campaign(Campaign.ELECTION);
                } else {
                    core.becomeLeader();
                    replication.appendToAll();
                }
            }
            case LOST -> core.becomeFollower(core.term(), NodeId.NONE);
            case PENDING -> { }
        }
    }
}
