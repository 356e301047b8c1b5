package io.binnacle.raft.core;

import io.binnacle.raft.ConfState;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.MemoryStorage;
import io.binnacle.raft.Message;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import io.binnacle.raft.Storage;
import io.binnacle.raft.confchange.MembershipChange;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A member in a script: a node, its storage, and what its two agents have yet to do. */
final class ScriptMember implements Storage {

    final RaftConfig config;
    final MemoryStorage log = new MemoryStorage(Integer.MAX_VALUE, Long.MAX_VALUE, MemoryStorage.Fetcher.NONE);
    final ArrayDeque<Message> appendWork = new ArrayDeque<>();
    final ArrayDeque<Message> applyWork = new ArrayDeque<>();
    final RaftNode node;
    private Snapshot newest; // the state machine, ready to be sent at any moment

    ScriptMember(RaftConfig config, Snapshot start, RaftLogger logger) {
        this.config = config;
        this.newest = start;
        if (start.index() > 0) log.applySnapshot(start);
        node = new RaftNode(config, this, new SplittableRandom(config.id()), logger);
    }

    void store(@Nullable HardState hard, EntrySlice entries, @Nullable Snapshot snapshot) {
        if (hard != null && !hard.isEmpty()) log.setHardState(hard);
        if (snapshot != null) {
            log.applySnapshot(snapshot);
        } else {
            log.append(entries);
        }
    }

    void apply(EntrySlice entries) {
        for (Entry entry : entries) {
            ConfState members = newest.meta().confState();
            if (entry.changesMembership()) {
                members = node.applyConfChange(MembershipChange.of(entry.type(), entry.data()));
            }
            newest = new Snapshot(new SnapshotMeta(members, entry.index(), entry.term()), null);
        }
    }

    @Override
    public InitialState initialState() {
        return log.initialState();
    }

    @Override
    public LogRead entries(long low, long high, long maxBytes) {
        return log.entries(low, high, maxBytes);
    }

    @Override
    public long term(long index) {
        return log.term(index);
    }

    @Override
    public long firstIndex() {
        return log.firstIndex();
    }

    @Override
    public long lastIndex() {
        return log.lastIndex();
    }

    @Override
    public Snapshot snapshot() {
        return newest;
    }
}
