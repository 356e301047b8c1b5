package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.MemoryStorage;
import io.binnacle.raft.Message;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLimits;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import io.binnacle.raft.Storage;
import io.binnacle.raft.confchange.MembershipChange;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A member of a simulated group: what survives a crash, what does not, and the node. */
final class SimMember implements Storage {

    private static final int IN_MEMORY_ENTRIES = 6; // so that reading back happens all the time

    final long id;
    private final RaftOptions options;
    private final SplittableRandom random;
    private final SimLaws laws;

    // Survives a crash.
    private final TreeMap<Long, Entry> disk = new TreeMap<>();
    private HardState hard = HardState.EMPTY;
    private Snapshot base = Snapshot.EMPTY; // what the log on disk begins after
    private Snapshot state = Snapshot.EMPTY; // the state machine: membership, and a digest as data

    // Does not.
    final ArrayDeque<Message> appendWork = new ArrayDeque<>();
    final ArrayDeque<Message> applyWork = new ArrayDeque<>();
    final ArrayDeque<long[]> fetches = new ArrayDeque<>();
    private MemoryStorage memory = new MemoryStorage(1, 1, MemoryStorage.Fetcher.NONE);
    RaftNode node;

    SimMember(long id, RaftOptions options, SplittableRandom random, SimLaws laws) {
        this.id = id;
        this.options = options;
        this.random = random;
        this.laws = laws;
        this.node = start();
    }

    /** Comes up again with what is durable. */
    void restart() {
        appendWork.clear();
        applyWork.clear();
        fetches.clear();
        node = start();
    }

    private RaftNode start() {
        memory = new MemoryStorage(IN_MEMORY_ENTRIES, 1 << 20, (low, high, max) -> fetches.add(new long[] {low, high}));
        if (base.index() > 0) memory.applySnapshot(base);
        memory.append(EntrySlice.copyOf(List.copyOf(disk.values())));
        memory.setHardState(hard);
        RaftLimits limits = new RaftLimits(200, 150, RaftLimits.UNLIMITED, 3, 400);
        return new RaftNode(new RaftConfig(id, state.index(), 10, 2, limits, options), this, random, RaftLogger.SILENT);
    }

    boolean isAsync() {
        return options.asyncStorageWrites();
    }

    void store(@Nullable HardState newHard, EntrySlice entries, @Nullable Snapshot snapshot) {
        if (newHard != null && !newHard.isEmpty()) {
            hard = newHard;
            memory.setHardState(newHard);
        }
        if (snapshot != null && snapshot.index() > base.index()) {
            disk.clear();
            base = snapshot;
            memory.applySnapshot(snapshot);
            if (snapshot.index() > state.index()) {
                state = snapshot;
                laws.installed(this, snapshot);
            }
        }
        if (entries.isEmpty()) return;
        disk.tailMap(entries.get(0).index(), true).clear();
        long termBefore = term(entries.get(0).index() - 1);
        for (Entry entry : entries) {
            laws.stored(this, entry, termBefore);
            termBefore = entry.term();
            disk.put(entry.index(), entry);
        }
        memory.append(entries);
    }

    void apply(EntrySlice entries) {
        for (Entry entry : entries) {
            if (entry.index() <= state.index()) continue; // a snapshot was faster
            ConfState members = state.meta().confState();
            if (entry.changesMembership()) {
                members = node.applyConfChange(MembershipChange.of(entry.type(), entry.data()));
            }
            Bytes digest = laws.applied(this, entry, state);
            state = new Snapshot(new SnapshotMeta(members, entry.index(), entry.term()), digest);
        }
    }

    void fetchOne() {
        long[] range = fetches.remove();
        Entry[] read = disk.subMap(range[0], Math.min(range[1], range[0] + 4)).values().toArray(new Entry[0]);
        if (read.length == 0 || read[0].index() != range[0] || random.nextInt(10) == 0) {
            memory.fetchFailed(range[0]);
        } else {
            memory.supply(range[0], EntrySlice.of(read));
        }
        node.storageFetched();
    }

    void compact(long keep) {
        long index = state.index() - keep;
        if (index <= memory.firstIndex() || index > memory.lastIndex() || index > node.applied()) return;
        if (index > hard.commit()) return; // a snapshot must not be ahead of the saved commit index
        base = new Snapshot(new SnapshotMeta(state.meta().confState(), index, memory.term(index)), null);
        memory.compact(index);
        disk.headMap(index, true).clear();
    }

    Snapshot state() {
        return state;
    }

    @Override
    public InitialState initialState() {
        return new InitialState(hard, state.meta().confState());
    }

    @Override
    public LogRead entries(long low, long high, long maxBytes) {
        return memory.entries(low, high, maxBytes);
    }

    @Override
    public long term(long index) {
        return memory.term(index);
    }

    @Override
    public long firstIndex() {
        return memory.firstIndex();
    }

    @Override
    public long lastIndex() {
        return memory.lastIndex();
    }

    @Override
    public Snapshot snapshot() {
        return state;
    }
}
