package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Peer;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Role;
import io.binnacle.raft.SoftState;
import io.binnacle.raft.StepResult;
import io.binnacle.raft.Storage;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.raft.confchange.ConfChangeType;
import io.binnacle.raft.confchange.MembershipChange;
import io.binnacle.raft.log.RaftLog;
import io.binnacle.raft.tracker.ProgressMap;
import io.binnacle.raft.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One member of a group: a pure state machine. Any number of inputs may be given, then {@link #ready()} says all that they
 * ask of the world.
 *
 * <p>Same inputs, same outputs: it blocks on nothing, reads no clock and draws chance from the given generator only. One
 * thread calls it. A broken invariant throws and is never to be caught except to stop the member. Behaves message for
 * message like etcd's raft, with one exception that no peer can see: a single voter answers read indexes only after its
 * term's first commit.
 */
public final class RaftNode {

    private final Core core;
    private final Replication replication;
    private final Memberships memberships;
    private final LeaderRole leaderRole;
    private final Stepper stepper;
    private final Readies readies;
    private final Storage storage;

    /**
     * A member as it was saved. With an empty storage it belongs to no group: {@link #bootstrap} founds one, or a leader's
     * messages bring it into theirs.
     *
     * @param random draws election timeouts
     */
    public RaftNode(RaftConfig config, Storage storage, RandomGenerator random, RaftLogger logger) {
        this.storage = storage;
        RaftLog log = new RaftLog(storage, logger, !config.options().asyncStorageWrites(),
                config.limits().applyingBytesMax());
        Tracker tracker = new Tracker(config.limits().inflightMessagesMax(), config.limits().inflightBytesMax());
        ElectionTimer timer = new ElectionTimer(config.electionTicks(), config.heartbeatTicks(), random);
        core = new Core(config, log, tracker, timer, logger);
        replication = new Replication(core);
        Reads reads = new Reads(core, replication);
        memberships = new Memberships(core, replication, reads);
        Elections elections = new Elections(core, replication);
        leaderRole = new LeaderRole(core, replication, reads);
        FollowerRole follower = new FollowerRole(core, elections, memberships);
        CandidateRole candidate = new CandidateRole(core, elections, follower);
        stepper = new Stepper(core, elections, leaderRole, candidate, follower);

        Storage.InitialState saved = storage.initialState();
        memberships.restore(saved.confState());
        if (!saved.hardState().isEmpty()) core.load(saved.hardState());
        if (config.applied() > 0) {
            // What was applied was committed, though the saved commit index may lag: a moved one is not synced alone.
            log.restoreCommitted(Math.max(log.committed(), config.applied()));
            log.appliedTo(config.applied(), 0);
        }
        core.becomeFollower(core.term(), NodeId.NONE);
        if (core.logs(RaftLogger.Level.INFO)) core.info(describeStart());
        readies = new Readies(core);
    }

    private String describeStart() {
        StringBuilder peers = new StringBuilder();
        var voters = core.tracker.configuration().voters().all();
        for (int at = 0; at < voters.size(); at++) {
            if (at > 0) peers.append(',');
            peers.append(NodeId.hex(voters.at(at)));
        }
        return "newRaft " + NodeId.hex(core.id) + " [peers: [" + peers + "], term: " + core.term() + ", commit: "
                + core.log.committed() + ", applied: " + core.log.applied() + ", lastindex: " + core.log.lastIndex()
                + ", lastterm: " + core.log.lastTerm() + "]";
    }

    /**
     * Founds a group: every founder must give the same peers in the same order. Their addition is in the log as committed,
     * at term 1, and in force at once; the entries are given out like others.
     *
     * @throws IllegalStateException if the storage is not empty
     */
    public void bootstrap(List<Peer> peers) {
        if (peers.isEmpty()) throw new IllegalArgumentException("must provide at least one peer to Bootstrap");
        if (storage.lastIndex() != 0) throw new IllegalStateException("can't bootstrap a nonempty Storage");
        readies.forgetHardState();
        core.becomeFollower(1, NodeId.NONE);
        Entry[] entries = new Entry[peers.size()];
        List<ConfChange> changes = new ArrayList<>(entries.length);
        for (int at = 0; at < entries.length; at++) {
            Peer peer = peers.get(at);
            ConfChange change = new ConfChange(0, false, ConfChangeType.ADD_NODE, peer.id(), peer.context());
            changes.add(change);
            entries[at] = new Entry(EntryType.CONF_CHANGE, true, 1, at + 1, change.encode());
        }
        core.log.append(EntrySlice.of(entries));
        core.log.commitTo(entries.length);
        for (ConfChange change : changes) memberships.apply(change.asV2()); // so that it can campaign at once
    }

    // Inputs.

    /** One tick of the caller's clock has passed. */
    public void tick() {
        if (core.isLeader()) {
            leaderRole.tick();
            return;
        }
        core.timer.tick();
        if (core.isPromotable() && core.timer.isElectionDue()) {
            core.timer.heardOfLeader(); // counts anew, with the same timeout if nothing comes of it
            stepper.campaign();
        }
    }

    /** Campaigns now. */
    public void campaign() {
        stepper.campaign();
    }

    /** Proposes commands, one entry each, which go to each follower in one message as far as limits allow. */
    public StepResult propose(List<Bytes> commands) {
        if (commands.isEmpty()) return StepResult.OK;
        if (core.isLeader()) return leaderRole.proposeCommands(commands);
        Entry[] entries = new Entry[commands.size()];
        for (int at = 0; at < entries.length; at++) entries[at] = Entry.proposed(commands.get(at));
        return stepLocal(MessageType.PROP, core.id, EntrySlice.of(entries));
    }

    /**
     * Proposes a change of the membership. One that may not be made now enters the log as an empty entry.
     */
    public StepResult proposeConfChange(MembershipChange change) {
        return stepLocal(MessageType.PROP, core.id, EntrySlice.of(change.toEntry()));
    }

    /** Takes a message of another member, or a response that one of this member's agents was given. */
    public StepResult step(Message message) {
        MessageType type = message.type();
        boolean ownAgent = NodeId.isLocalAgent(message.from());
        if (type.isLocal() && !ownAgent) return StepResult.LOCAL_MESSAGE;
        if (type.isResponse() && !ownAgent && core.tracker.progressOf(message.from()) == null) {
            return StepResult.PEER_NOT_FOUND;
        }
        return stepper.step(message);
    }

    /**
     * Asks for a read index; the answer is a read state with this context. It may never come (no leader, a lost message, a
     * new leader): ask again after a while, with another context.
     */
    public void readIndex(Bytes context) {
        stepLocal(MessageType.READ_INDEX, NodeId.NONE, EntrySlice.of(Entry.proposed(context)));
    }

    /** Asks the leader, this member or another, to hand its leadership to a voter. */
    public void transferLeader(long to) {
        stepLocal(MessageType.TRANSFER_LEADER, to, EntrySlice.EMPTY);
    }

    /** As follower: forgets the leader, so that another one can be elected without waiting for a timeout. */
    public void forgetLeader() {
        stepLocal(MessageType.FORGET_LEADER, NodeId.NONE, EntrySlice.EMPTY);
    }

    /** The last message to a member could not be sent. */
    public void reportUnreachable(long member) {
        stepLocal(MessageType.UNREACHABLE, member, EntrySlice.EMPTY);
    }

    /** How the sending of a snapshot to a member ended. */
    public void reportSnapshot(long member, boolean delivered) {
        stepper.step(new Message(MessageType.SNAP_STATUS, NodeId.NONE, member, 0, 0, 0, EntrySlice.EMPTY, 0, null,
                !delivered, 0, null, 0, List.of()));
    }

    /** Entries for which the storage has answered "pending" are in memory now. */
    public void storageFetched() {
        readies.storageFetched();
        replication.storageFetched();
    }

    private StepResult stepLocal(MessageType type, long from, EntrySlice entries) {
        return stepper.step(Message.carrying(type, NodeId.NONE, from, entries));
    }

    // Outputs.

    /** Whether {@link #ready()} has anything to say. */
    public boolean hasReady() {
        return readies.hasReady();
    }

    /** All that the inputs so far ask of the world; it counts as taken. */
    public Ready ready() {
        return readies.next();
    }

    /** Synchronous mode: all that the last ready asked for is done. */
    public void advance() {
        Check.that(!core.options.asyncStorageWrites(), "advance() in asynchronous mode");
        for (Message message : readies.takeOnAdvance()) stepper.step(message);
    }

    /**
     * Puts a membership change in force. To be called when its entry is applied, before that is acknowledged; for a change
     * that the caller refuses, not at all.
     *
     * @return the membership to store with snapshots from here on
     * @throws IllegalStateException if the change is impossible: the members' logs differ
     */
    public ConfState applyConfChange(MembershipChange change) {
        return memberships.apply(change.asV2());
    }

    // What it knows.

    /** The member's id. */
    public long id() {
        return core.id;
    }

    /** The newest term seen. */
    public long term() {
        return core.term();
    }

    /** The leader's id, {@link NodeId#NONE}: unknown. */
    public long leader() {
        return core.leader();
    }

    /** What this member is. */
    public Role role() {
        return core.role();
    }

    /** Highest index known to be committed. */
    public long committed() {
        return core.log.committed();
    }

    /** Highest index acknowledged as applied. */
    public long applied() {
        return core.log.applied();
    }

    /** Index of the last entry, durable or not. */
    public long lastIndex() {
        return core.log.lastIndex();
    }

    /** Whether this member leads and has committed in its term, so that what it has applied is current. */
    public boolean leadsWithCommit() {
        return core.isLeader() && core.hasCommittedInTerm();
    }

    /** The membership in force. */
    public ConfState confState() {
        return core.tracker.configuration().confState();
    }

    /** Everything an operator may want to see; allocates. */
    public Status status() {
        List<Status.Member> members = new ArrayList<>();
        if (core.isLeader()) {
            ProgressMap progress = core.tracker.progress();
            for (int at = 0; at < progress.size(); at++) {
                var member = progress.at(at);
                members.add(new Status.Member(progress.idAt(at), member.match(), member.next(), member.state(),
                        member.recentActive(), member.isLearner(), member.toString()));
            }
        }
        HardState hard = core.hardState();
        return new Status(core.id, hard, new SoftState(core.leader(), core.role()), core.log.applied(),
                core.transferee(), core.tracker.configuration(), List.copyOf(members));
    }

    /** For tests in this package: sets the election timeout that chance would have drawn. */
    void electionTimeout(int ticks) {
        core.timer.timeout(ticks);
    }
}
