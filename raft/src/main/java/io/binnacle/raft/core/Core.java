package io.binnacle.raft.core;

import io.binnacle.base.Check;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.Role;
import io.binnacle.raft.log.RaftLog;
import io.binnacle.raft.tracker.Progress;
import io.binnacle.raft.tracker.ProgressMap;
import io.binnacle.raft.tracker.Tracker;

/** The state of one member, and the transitions between its roles. */
final class Core {

    final long id;
    final RaftOptions options;
    final long messageBytesMax;
    final RaftLog log;
    final Tracker tracker;
    final ElectionTimer timer;
    final Outbox outbox = new Outbox();
    final ReadQueue reads = new ReadQueue();
    final UncommittedBytes uncommitted;
    private final RaftLogger logger;

    private long term;
    private long vote;
    private long leader;
    private Role role = Role.FOLLOWER;

    /** As leader: whom the leadership is being handed to, thesis §3.10; proposals wait outside meanwhile. */
    private long transferee;
    /**
     * As leader: a membership change may be in the log up to here, so another one is accepted only when this is applied.
     * Too high is safe, so a new leader begins with its last index.
     */
    private long pendingConfIndex;

    Core(RaftConfig config, RaftLog log, Tracker tracker, ElectionTimer timer, RaftLogger logger) {
        this.id = config.id();
        this.options = config.options();
        this.messageBytesMax = config.limits().messageBytesMax();
        this.uncommitted = new UncommittedBytes(config.limits().uncommittedBytesMax());
        this.log = log;
        this.tracker = tracker;
        this.timer = timer;
        this.logger = logger;
    }

    long term() {
        return term;
    }

    long votedFor() {
        return vote;
    }

    long leader() {
        return leader;
    }

    Role role() {
        return role;
    }

    boolean isLeader() {
        return role == Role.LEADER;
    }

    HardState hardState() {
        return new HardState(term, vote, log.committed());
    }

    /** Takes over what was saved before a restart. */
    void load(HardState saved) {
        log.restoreCommitted(saved.commit());
        term = saved.term();
        vote = saved.vote();
    }

    // Transitions.

    void becomeFollower(long newTerm, long newLeader) {
        reset(newTerm);
        leader = newLeader;
        role = Role.FOLLOWER;
        info(hex(id) + " became follower at term " + term);
    }

    /** Keeps term and vote: a pre-election promises nothing, thesis §9.6. */
    void becomePreCandidate() {
        Check.that(role != Role.LEADER, "invalid transition [leader -> pre-candidate]");
        tracker.resetVotes();
        leader = NodeId.NONE;
        role = Role.PRE_CANDIDATE;
        info(hex(id) + " became pre-candidate at term " + term);
    }

    void becomeCandidate() {
        Check.that(role != Role.LEADER, "invalid transition [leader -> candidate]");
        reset(term + 1);
        vote = id;
        role = Role.CANDIDATE;
        info(hex(id) + " became candidate at term " + term);
    }

    /** Begins the term with an empty entry, whose commit commits all before it: thesis §3.6.2. */
    void becomeLeader() {
        Check.that(role != Role.FOLLOWER, "invalid transition [follower -> leader]");
        reset(term);
        leader = id;
        role = Role.LEADER;
        Progress own = tracker.progress().of(id);
        own.becomeReplicate();
        own.recentActive(true);
        pendingConfIndex = log.lastIndex();
        appendOwn(Entry.proposed(null));
        info(hex(id) + " became leader at term " + term);
    }

    private void reset(long newTerm) {
        if (term != newTerm) {
            term = newTerm;
            vote = NodeId.NONE;
        }
        leader = NodeId.NONE;
        timer.restart();
        transferee = NodeId.NONE;
        tracker.resetVotes();
        long last = log.lastIndex();
        ProgressMap members = tracker.progress();
        for (int at = 0; at < members.size(); at++) {
            members.at(at).restart(members.idAt(at) == id ? last : 0, last + 1);
        }
        pendingConfIndex = 0;
        uncommitted.reset();
        reads.reset();
    }

    /** A leader was heard of in this term. */
    void follow(long from) {
        timer.heardOfLeader();
        leader = from;
    }

    void forgetLeader() {
        leader = NodeId.NONE;
    }

    void voteFor(long candidate) {
        timer.heardOfLeader();
        vote = candidate;
    }

    /** Whether it may campaign: a voter in force, whose log is not about to be replaced. */
    boolean isPromotable() {
        Progress own = tracker.progressOf(id);
        return own != null && !own.isLearner() && !log.hasUnstableSnapshot();
    }

    // Leadership.

    long transferee() {
        return transferee;
    }

    void transferee(long to) {
        transferee = to;
    }

    void abortTransfer() {
        transferee = NodeId.NONE;
    }

    long pendingConfIndex() {
        return pendingConfIndex;
    }

    void pendingConfIndex(long index) {
        pendingConfIndex = index;
    }

    /** Whether the leader has committed in its own term, so that its commit index is not behind: thesis §6.4. */
    boolean hasCommittedInTerm() {
        return log.termOrZero(log.committed()) == term;
    }

    /** Appends one entry of the leader's own. */
    void appendOwn(Entry proposed) {
        long index = log.lastIndex() + 1;
        log.append(proposed.at(term, index));
        acknowledgeOwn(index);
    }

    /** Appends entries of the leader's own, at their places. */
    void appendOwn(EntrySlice placed) {
        log.append(placed);
        acknowledgeOwn(placed.last().index());
    }

    /** The own log counts for the quorum once it is durable, like everybody's. */
    private void acknowledgeOwn(long index) {
        outbox.sendAfterAppend(Message.indexed(MessageType.APP_RESP, id, id, term, index));
    }

    /** Moves the commit index to what a quorum has, if that is of this term. */
    boolean tryCommit() {
        return log.tryCommit(term, tracker.committed());
    }

    // Logging.

    static String hex(long value) {
        return NodeId.hex(value);
    }

    boolean logs(Level level) {
        return logger.takes(level);
    }

    void debug(String line) {
        if (logger.takes(Level.DEBUG)) logger.log(Level.DEBUG, line);
    }

    void info(String line) {
        if (logger.takes(Level.INFO)) logger.log(Level.INFO, line);
    }

    void warn(String line) {
        if (logger.takes(Level.WARN)) logger.log(Level.WARN, line);
    }

    void error(String line) {
        if (logger.takes(Level.ERROR)) logger.log(Level.ERROR, line);
    }

    /** The beginning of lines about votes. */
    String describeLast() {
        return hex(id) + " [logterm: " + log.lastTerm() + ", index: " + log.lastIndex();
    }
}
