package io.binnacle.server.consensus;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.Request;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.backend.Backend;
import io.binnacle.backend.Checkpoint;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.CompactionJob;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.raft.Entry;
import io.binnacle.raft.Message;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.server.apply.Applier;
import io.binnacle.server.apply.ApplyEvents;
import io.binnacle.server.apply.Completion;
import io.binnacle.server.apply.ConfChanges;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.apply.SemVer;
import io.binnacle.server.apply.UnreadableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The agent that applies committed entries in log order, publishes the state they lead to and then answers whoever
 * waits: nobody is told of a write that a reader could not see.
 *
 * <p>A turn takes one batch of entries, or one slice of maintenance. While the backend cannot take more uncommitted
 * bytes it takes no entry; reads and heartbeats go on.
 */
public final class ApplyLoop implements Agent, ApplyEvents {

    /** Batches that may wait here; the consensus agent gives out no more before. */
    static final int BATCHES_MAX = 64;
    private static final int TASKS_MAX = 1 << 16;

    /** Watches and other listeners; called by this agent once per batch, after the state was published. */
    @FunctionalInterface
    public interface ChangeListener {
        /** These changes can now be read; must not block. */
        void changed(List<EventBatch> batches);
    }

    /** What the loop asks of the rest of the member. */
    interface Upwards {
        /** A batch is applied: the core is told, with the membership changes that were in it. */
        void applied(Message batch, List<ConfChange> changes);

        /** The database is over its quota. */
        void quotaExceeded();

        /** The cluster version is a new one. */
        void clusterVersionChanged(SemVer version);
    }

    private record Answer(Completion completion, Outcome outcome) {
        Answer with(Refusal why) {
            return new Answer(completion, new Outcome.Refused(why));
        }

        void tell() {
            completion.complete(outcome);
        }
    }

    private record AppliedWait(long index, Runnable then) {}

    private final Backend backend;
    private final MvccStore store;
    private final Applier applier;
    private final ConfChanges confChanges;
    private final PendingCalls pending;
    private final Clock clock;
    private final Queue<Message> batches = new SpscVarHandleArrayQueue<>(BATCHES_MAX);
    private final Queue<Runnable> tasks = new MpscVarHandleArrayQueue<>(TASKS_MAX);
    private final PriorityQueue<AppliedWait> waits = new PriorityQueue<>((a, b) -> Long.compare(a.index(), b.index()));
    private final List<Answer> answers = new ArrayList<>();
    /** Physical compactions that are through but not committed. */
    private final List<Answer> freed = new ArrayList<>();
    /** Whether a commit for some is under way; ended by the committer. */
    private volatile boolean freeing;
    private final List<EventBatch> changes = new ArrayList<>();
    private final List<ConfChange> appliedChanges = new ArrayList<>();
    /** Entries up to here were applied to the database by an earlier run. */
    private final long appliedBefore;

    private ApplyLoop.@Nullable Upwards upwards;
    private ChangeListener listener = batches -> {};
    private Waker compactorWaker = () -> {};
    private @Nullable Snapshots snapshots;
    private @Nullable LeaseKeeper leaseKeeper;
    private long appliedIndex;
    private long appliedTerm;
    private boolean dirty = true;
    /** Of the file state that the published view stands on, or an older one. */
    private long fileStates;
    private volatile Published published;

    /** The state as restored; {@code appliedIndex} and {@code appliedTerm} are those of the log's beginning. */
    ApplyLoop(Backend backend, MvccStore store, Applier.Factory applier, ConfChanges confChanges, PendingCalls pending,
            Clock clock, long appliedIndex, long appliedTerm) {
        this.backend = backend;
        this.store = store;
        this.applier = applier.create(this);
        this.confChanges = confChanges;
        this.pending = pending;
        this.clock = clock;
        this.appliedBefore = backend.appliedIndex();
        this.appliedIndex = appliedIndex;
        this.appliedTerm = appliedTerm;
        this.published = new Published(store.view(), this.applier.auth().view(), appliedIndex, appliedTerm);
    }

    /** Connects the loop before it runs. */
    void connect(Upwards up, Snapshots withSnapshots, LeaseKeeper withLeases) {
        this.upwards = up;
        this.snapshots = withSnapshots;
        this.leaseKeeper = withLeases;
    }

    /** Sets who hears of changes; before the loop runs. */
    public void listener(ChangeListener withChanges) {
        this.listener = withChanges;
    }

    /** The newest state. For any thread; hold its key-value part to read it. */
    public Published published() {
        return published;
    }

    /** Sets what wakes the store's compactor where that has a thread of its own; before the loop runs. */
    void compactorWaker(Waker waker) {
        this.compactorWaker = waker;
    }

    /** Hands over a batch of committed entries; false if too many wait already. Consensus agent only. */
    boolean offer(Message batch) {
        return batches.offer(batch);
    }

    /** Whether another batch may be offered. */
    boolean hasRoom() {
        return batches.size() < BATCHES_MAX - 2;
    }

    /** Runs something on this agent between two batches, and publishes what it changed; false if too much waits. Any thread. */
    boolean execute(Runnable task) {
        return tasks.offer(task);
    }

    /** Runs something on this agent once the entry is applied and published. Any thread, through {@link #execute}. */
    void whenApplied(long index, Runnable then) {
        if (index <= published.appliedIndex()) then.run();
        else waits.add(new AppliedWait(index, then));
    }

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public int doWork() {
        int work = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            dirty = true;
            work++;
        }
        Message batch = backend.full() ? null : batches.poll();
        if (batch != null) {
            for (Entry entry : batch.entries()) apply(entry);
            work += batch.entries().size() + 1;
        }
        int maintained = store.maintain();
        if (maintained > 0) {
            backend.maintained();
            dirty = true;
        }
        if (leaseKeeper != null) work += leaseKeeper.doWork(appliedTerm);
        if (backend.fileStates() != fileStates) dirty = true; // else an idle member would hold the pages of an old state
        if (dirty) publish(maintained > 0);
        answerAll();
        if (!freed.isEmpty() && !freeing) commitFreed();
        if (batch != null && upwards != null) {
            upwards.applied(batch, List.copyOf(appliedChanges));
            appliedChanges.clear();
            if (snapshots != null) snapshots.maybeTrigger(appliedIndex, appliedTerm);
        }
        return work + maintained;
    }

    @Override
    public long nextDeadlineNanos() {
        return leaseKeeper == null ? Long.MAX_VALUE : leaseKeeper.nextDeadlineNanos();
    }

    private void apply(Entry entry) {
        Check.that(entry.index() == appliedIndex + 1, "entry %d after %d", entry.index(), appliedIndex);
        appliedIndex = entry.index();
        appliedTerm = entry.term();
        dirty = true;
        boolean first = entry.index() > appliedBefore;
        if (entry.changesMembership()) {
            if (first) appliedChanges.add(applyChange(entry));
        } else if (first && entry.dataBytes() > 0) {
            applyRequest(entry);
        }
        if (first) backend.entryApplied(entry.index(), entry.term());
    }

    private ConfChange applyChange(Entry entry) {
        ConfChanges.Applied applied = confChanges.apply(entry.index(), entry.data());
        Proposal waiting = pending.take(applied.requestId());
        if (waiting != null) answers.add(new Answer(waiting.completion(), applied.outcome()));
        return applied.change();
    }

    private void applyRequest(Entry entry) {
        RaftRequest request = decode(entry.index(), Check.present(entry.data()));
        Proposal waiting = pending.take(request.requestId());
        Applier.Applied applied = applier.apply(entry.index(), request, waiting != null, clock.nanoTime());
        if (waiting == null) return;
        Answer answer = new Answer(waiting.completion(), applied.outcome());
        CompactionJob physical = applied.physical();
        if (physical == null) answers.add(answer);
        else if (!physical.onFinished(() -> freed.add(answer))) answers.add(answer.with(Refusal.TOO_MANY_REQUESTS));
    }

    /**
     * Physical compactions are answered when the freed space shows, which takes a commit: one for all that are through.
     * The commit wakes this agent for those that came meanwhile.
     */
    private void commitFreed() {
        List<Answer> now = List.copyOf(freed);
        freed.clear();
        freeing = true;
        Checkpoint checkpoint = backend.checkpoint();
        checkpoint.onSettled(() -> {
            checkpoint.close();
            freeing = false;
            for (Answer answer : now) answer.tell();
        });
    }

    /** Reads an entry, as releases before 3.6 wrote it too. */
    private static RaftRequest decode(long index, Bytes data) {
        try {
            return RaftRequest.decode(data);
        } catch (ProtoFormatException notAnEnvelope) {
            try {
                Request legacy = Request.parseFrom(data.asByteBuffer());
                return new RaftRequest(legacy.getID(), null, RaftRequest.Kind.LEGACY, data);
            } catch (InvalidProtocolBufferException neither) {
                throw new UnreadableEntry(index, notAnEnvelope.getMessage(), notAnEnvelope);
            }
        }
    }

    private void publish(boolean sliced) {
        dirty = false;
        fileStates = backend.fileStates(); // before the view is taken: one commit too few is made good by the next turn
        Published before = published;
        published = new Published(store.view(), applier.auth().view(), appliedIndex, appliedTerm);
        boolean begun = before.kv().compactRevision() < published.kv().compactRevision();
        before.kv().release();
        if ((begun || sliced) && store.scanDue()) compactorWaker.wake(); // it reads the view that was just published
        if (!changes.isEmpty()) {
            listener.changed(List.copyOf(changes));
            changes.clear();
        }
    }

    private void answerAll() {
        for (Answer answer : answers) answer.tell();
        answers.clear();
        for (AppliedWait wait = waits.peek(); wait != null && wait.index() <= appliedIndex; wait = waits.peek()) {
            waits.poll();
            wait.then().run();
        }
    }

    @Override
    public void changed(EventBatch batch) {
        changes.add(batch);
    }

    @Override
    public void quotaExceeded() {
        if (upwards != null) upwards.quotaExceeded();
    }

    @Override
    public void snapshotNeeded() {
        if (snapshots != null) snapshots.force();
    }

    @Override
    public void clusterVersionChanged(SemVer version) {
        if (upwards != null) upwards.clusterVersionChanged(version);
    }

    @Override
    public void onClose() {
        published.kv().release();
    }
}
