package io.binnacle.server.consensus;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.MemoryStorage;
import io.binnacle.raft.Message;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Role;
import io.binnacle.raft.StepResult;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.raft.core.RaftNode;
import io.binnacle.server.apply.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The agent that drives the consensus core: it drains all that waits into the core, takes one {@code Ready}, and hands
 * entries to the log writer and committed ones to the apply loop. The core's storage acknowledgements come back through
 * {@link #stored} and {@link #applied}.
 *
 * <p>Other threads only put things into its inbox and read the few volatile facts.
 */
public final class Consensus implements Agent {

    /** Inputs that may wait here: beyond, new requests are refused as too many. */
    static final int INBOX_MAX = 1 << 16;
    /** Proposals that go into one batch: what a turn of the log writer makes durable together. */
    private static final int PROPOSALS_PER_TURN = 4096;
    /** Entries by which commit may be ahead of apply before new requests are refused, as etcd does. */
    private static final long APPLY_LAG_MAX = 5000;

    private final RaftNode raft;
    private final MemoryStorage log;
    private final LogWriter logWriter;
    private final ApplyLoop apply;
    private final PendingCalls pending;
    private final ReadBarriers reads;
    private final Clock clock;
    private final long tickNanos;
    private final int electionTicks;
    private final long catchupEntries;

    private final Queue<Runnable> inbox = new MpscVarHandleArrayQueue<>(INBOX_MAX);
    private final Queue<Message> stored = new MpscVarHandleArrayQueue<>(LogWriter.BATCHES_MAX);
    private final Queue<AppliedBatch> appliedBatches = new MpscVarHandleArrayQueue<>(ApplyLoop.BATCHES_MAX);
    private final List<Bytes> commands = new ArrayList<>();
    /** Proposals that the core would not take for want of a leader; tried again when there is one. */
    private final ArrayDeque<Proposal> held = new ArrayDeque<>();
    private final List<Proposal> turn = new ArrayList<>();
    private Consumer<Leadership> leadershipListener = leadership -> {};
    private long nextTickNanos;

    private volatile Leadership leadership = Leadership.NONE;
    private volatile long committed;
    private volatile long leaderChanges;

    private record AppliedBatch(Message batch, List<ConfChange> changes) {}

    Consensus(RaftNode raft, MemoryStorage log, LogWriter logWriter, ApplyLoop apply, PendingCalls pending, Clock clock,
            long tickNanos, int electionTicks, long catchupEntries) {
        this.raft = raft;
        this.log = log;
        this.logWriter = logWriter;
        this.apply = apply;
        this.pending = pending;
        this.reads = new ReadBarriers(raft, clock);
        this.clock = clock;
        this.tickNanos = tickNanos;
        this.electionTicks = electionTicks;
        this.catchupEntries = catchupEntries;
        this.nextTickNanos = clock.nanoTime() + tickNanos;
        this.committed = raft.committed();
        publishLeadership();
    }

    /** Sets who hears of a new leader, on this agent's thread; before the agent runs. */
    void connect(Consumer<Leadership> listener) {
        this.leadershipListener = listener;
    }

    // For any thread.

    /** Who leads. */
    public Leadership leadership() {
        return leadership;
    }

    /** The highest index known to be committed. */
    public long committed() {
        return committed;
    }

    /** How often another leader than the one before was seen. */
    public long leaderChanges() {
        return leaderChanges;
    }

    /** Requests of this member that are on their way through the log. */
    public int pendingProposals() {
        return pending.size();
    }

    /** Whether so much is committed and not applied that new requests are to be refused. */
    public boolean overloaded() {
        return committed - apply.published().appliedIndex() > APPLY_LAG_MAX;
    }

    /** Puts a command into the log; false if too much waits, and then nothing was done. */
    boolean propose(Proposal proposal) {
        return inbox.offer(() -> {
            pending.add(proposal);
            turn.add(proposal);
        });
    }

    /** Has something done by this agent; false if too much waits. */
    boolean execute(Runnable task) {
        return inbox.offer(task);
    }

    /** What waits for a linearizable read; only to be used inside {@link #execute}. */
    ReadBarriers reads() {
        return reads;
    }

    /** The core; only to be used inside {@link #execute}. */
    RaftNode raft() {
        return raft;
    }

    // From the other agents.

    /** Entries that were asked of the log; whether there are none, because they are gone or the log is not so far. Log writer only. */
    void fetched(long low, EntrySlice entries) {
        boolean taken = inbox.offer(() -> {
            if (entries.isEmpty()) log.fetchFailed(low);
            else log.supply(low, entries);
            raft.storageFetched();
        });
        Check.that(taken, "no room for entries read back");
    }

    /** A batch is durable. Log writer only. */
    void stored(Message batch) {
        Check.that(stored.offer(batch), "more batches came back from the log than went there");
    }

    /** A batch is applied. Apply agent only. */
    void applied(Message batch, List<ConfChange> changes) {
        Check.that(appliedBatches.offer(new AppliedBatch(batch, changes)), "more batches came back from apply than went there");
    }

    @Override
    public String name() {
        return "consensus";
    }

    @Override
    public int doWork() {
        int work = takeStored() + takeApplied() + tick() + takeInbox();
        if (logWriter.hasRoom() && apply.hasRoom() && raft.hasReady()) {
            handle(raft.ready());
            work++;
        }
        return work;
    }

    @Override
    public long nextDeadlineNanos() {
        return nextTickNanos;
    }

    @Override
    public void onClose() {
        pending.refuseAll(Refusal.STOPPED);
        reads.refuseAll(Refusal.STOPPED);
    }

    private int takeStored() {
        int work = 0;
        for (Message batch = stored.poll(); batch != null; batch = stored.poll()) {
            log.append(batch.entries());
            respond(batch);
            work++;
        }
        return work;
    }

    private int takeApplied() {
        int work = 0;
        for (AppliedBatch batch = appliedBatches.poll(); batch != null; batch = appliedBatches.poll()) {
            for (ConfChange change : batch.changes()) {
                if (change.nodeId() != NodeId.NONE) raft.applyConfChange(change);
            }
            respond(batch.batch());
            if (!batch.changes().isEmpty()) {
                if (raft.leader() == NodeId.NONE && isSoleVoter()) raft.campaign();
                publishLeadership();
            }
            trimLog();
            work++;
        }
        return work;
    }

    /** Sends what a finished piece of work promised: to this member's core, or to others. */
    private void respond(Message batch) {
        for (Message response : batch.responses()) {
            if (response.to() == raft.id()) raft.step(response);
            // Messages to other members wait for the room that talks to them: a group of one has none.
        }
    }

    private void trimLog() {
        long keepFrom = raft.applied() - catchupEntries;
        if (keepFrom > log.firstIndex() + 100) log.compact(keepFrom);
    }

    private int tick() {
        long now = clock.nanoTime();
        if (now - nextTickNanos < 0) return 0;
        int ticks = (int) Math.min(1 + (now - nextTickNanos) / tickNanos, electionTicks);
        // A long pause does not count as so many ticks: the others were not silent, this member was away.
        nextTickNanos = Math.max(nextTickNanos + ticks * tickNanos, now);
        for (int done = 0; done < ticks; done++) raft.tick();
        pending.expire(now, Refusal.DEADLINE_EXCEEDED);
        reads.expire(now);
        return ticks;
    }

    private int takeInbox() {
        int work = 0;
        for (Runnable task = null; work < PROPOSALS_PER_TURN && (task = inbox.poll()) != null; work++) task.run();
        if (!held.isEmpty() && raft.leader() != NodeId.NONE) {
            for (Proposal proposal : held) {
                if (pending.waits(proposal.id())) turn.add(proposal); // the others were told that their time is over
            }
            held.clear();
        }
        if (!turn.isEmpty()) proposeTurn();
        reads.request();
        return work;
    }

    private void proposeTurn() {
        commands.clear();
        for (Proposal proposal : turn) commands.add(proposal.entry());
        if (raft.propose(commands) != StepResult.OK) {
            // Without a leader a request waits, as etcd's do, until there is one or its time is over.
            for (Proposal proposal : turn) {
                if (held.size() < INBOX_MAX) held.add(proposal);
            }
        }
        turn.clear();
    }

    private void handle(Ready ready) {
        if (ready.softState() != null || ready.hardState() != null) publishLeadership();
        committed = raft.committed();
        for (ReadState answer : ready.readStates()) {
            ReadBarriers.Released released = reads.answered(answer);
            if (released != null) release(released);
        }
        for (Message message : ready.messages()) {
            if (message.to() == NodeId.APPEND_THREAD) {
                Check.that(logWriter.offer(message), "the log writer has no room");
            } else if (message.to() == NodeId.APPLY_THREAD) {
                Check.that(apply.offer(message), "the apply loop has no room");
            }
        }
    }

    private void release(ReadBarriers.Released released) {
        Runnable letGo = () -> released.readers().forEach(LinearizableRead::ready);
        boolean taken = apply.execute(() -> apply.whenApplied(released.index(), letGo));
        if (!taken) released.readers().forEach(reader -> reader.refused(Refusal.TOO_MANY_REQUESTS));
    }

    private boolean isSoleVoter() {
        ConfState members = raft.confState();
        return members.voters().size() == 1 && members.voters().getFirst() == raft.id() && members.votersOutgoing().isEmpty();
    }

    private void publishLeadership() {
        Leadership now = new Leadership(raft.leader(), raft.role() == Role.LEADER, raft.term(),
                isSoleVoter() && raft.leadsWithCommit());
        if (now.equals(leadership)) return;
        if (now.leader() != NodeId.NONE && now.leader() != leadership.leader()) {
            long seen = leaderChanges + 1; // this agent is the only writer
            leaderChanges = seen;
        }
        leadership = now;
        leadershipListener.accept(now);
    }

}
