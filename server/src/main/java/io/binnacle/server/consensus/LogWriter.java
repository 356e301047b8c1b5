package io.binnacle.server.consensus;

import io.binnacle.api.raftpb.ConfState;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.Snapshot;
import io.binnacle.api.raftpb.SnapshotMetadata;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.Message;
import io.binnacle.wal.SnapFiles;
import io.binnacle.wal.Wal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The agent that makes log records durable: however many batches wait, one write and one sync serve them all, and only
 * then is the core told (thesis §10.2.1; shared contract: formats.md §2.6).
 */
final class LogWriter implements Agent {

    static final int BATCHES_MAX = 256;

    /** A snapshot whose database part is durable already. */
    record SnapshotTask(long index, long term, io.binnacle.raft.ConfState members, Bytes document, Runnable done) {}

    /** Entries to be read back. */
    record ReadTask(long low, long high, long maxBytes, Consumer<EntrySlice> then) {}

    private final Wal wal;
    private final SnapFiles snapFiles;
    private final LogPurge purge;
    private final Queue<Message> batches = new SpscVarHandleArrayQueue<>(BATCHES_MAX);
    private final Queue<SnapshotTask> snapshots = new MpscVarHandleArrayQueue<>(16);
    private final Queue<ReadTask> reads = new SpscVarHandleArrayQueue<>(16);
    private final List<Message> turn = new ArrayList<>();
    private Consumer<Message> stored = message -> {};
    private volatile long syncs;

    LogWriter(Wal wal, SnapFiles snapFiles, LogPurge purge) {
        this.wal = wal;
        this.snapFiles = snapFiles;
        this.purge = purge;
    }

    /** Sets who hears, on this agent's thread, that a batch is durable; before the agent runs. */
    void connect(Consumer<Message> toCore) {
        this.stored = toCore;
    }

    /** Hands over a batch; false if too many wait. Consensus agent only. */
    boolean offer(Message batch) {
        return batches.offer(batch);
    }

    boolean hasRoom() {
        return batches.size() < BATCHES_MAX - 2;
    }

    /** Hands over a snapshot; false if too many wait. Any thread. */
    boolean offer(SnapshotTask task) {
        return snapshots.offer(task);
    }

    /** Asks for entries; false if too much is asked for. Consensus agent only. */
    boolean offer(ReadTask task) {
        return reads.offer(task);
    }

    /** How often the log was synced for entries, terms or votes. */
    long syncs() {
        return syncs;
    }

    @Override
    public String name() {
        return "log-writer";
    }

    @Override
    public int doWork() throws IOException {
        for (Message batch = batches.poll(); batch != null; batch = batches.poll()) {
            wal.append(stateOf(batch), recordsOf(batch.entries()));
            turn.add(batch);
        }
        int work = turn.size();
        if (work > 0) {
            if (wal.mustSync()) { // a moved commit index alone stays in the buffer: losing it costs nothing
                wal.flush();
                long done = syncs + 1; // this agent is the only writer
                syncs = done;
            }
            turn.forEach(stored);
            turn.clear();
        }
        for (SnapshotTask task = snapshots.poll(); task != null; task = snapshots.poll()) {
            save(task);
            work++;
        }
        for (ReadTask task = reads.poll(); task != null; task = reads.poll()) {
            read(task);
            work++;
        }
        return work + purge.doWork();
    }

    @Override
    public long nextDeadlineNanos() {
        return purge.nextDeadlineNanos();
    }

    @Override
    public void onClose() throws IOException {
        wal.close();
    }

    /** The order of durability rule 4: the database is durable, then the hard state, the file, the record; then release. */
    private void save(SnapshotTask task) throws IOException {
        ConfState members = recordOf(task.members());
        wal.persist();
        snapFiles.write(new Snapshot(task.document(), new SnapshotMetadata(members, task.index(), task.term())));
        wal.snapshot(new WalSnapshot(task.index(), task.term(), members));
        wal.release(task.index());
        snapFiles.deleteDatabasesBelow(task.index());
        task.done().run();
    }

    /** Reads entries back that are no longer in memory; consensus is told through {@code then}, on this agent's thread. */
    private void read(ReadTask task) throws IOException {
        task.then().accept(entriesOf(wal.read(task.low(), task.high(), task.maxBytes())));
    }

    /** Term, vote and commit travel in the message's own fields; all zero when none of them changed. */
    private static @Nullable HardState stateOf(Message batch) {
        if (batch.term() == 0 && batch.vote() == 0 && batch.commit() == 0) return null;
        return new HardState(batch.term(), batch.vote(), batch.commit());
    }

    private static List<Entry> recordsOf(EntrySlice entries) {
        if (entries.isEmpty()) return List.of();
        List<Entry> records = new ArrayList<>(entries.size());
        for (int at = 0; at < entries.size(); at++) {
            io.binnacle.raft.Entry entry = entries.get(at);
            records.add(new Entry(entry.type().number(), entry.typeSet(), entry.term(), entry.index(), entry.data()));
        }
        return records;
    }

    /** Records as the core knows them. */
    static EntrySlice entriesOf(List<Entry> records) {
        EntryType[] types = EntryType.values();
        io.binnacle.raft.Entry[] entries = new io.binnacle.raft.Entry[records.size()];
        for (int at = 0; at < entries.length; at++) {
            Entry record = records.get(at);
            entries[at] = new io.binnacle.raft.Entry(types[record.type()], record.typeSet(), record.term(), record.index(),
                    record.data());
        }
        return EntrySlice.of(entries);
    }

    private static ConfState recordOf(io.binnacle.raft.ConfState members) {
        return new ConfState(members.voters(), members.learners(), members.votersOutgoing(), members.learnersNext(),
                members.autoLeave(), members.autoLeaveSet());
    }
}
