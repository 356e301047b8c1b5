package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLimits;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.ReadOnlyOption;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** A vocabulary for stories about a group in synchronous mode, which begins with an empty log behind index 2 of term 1. */
final class TestNet {

    final List<ScriptMember> members = new ArrayList<>();
    final List<ReadState> reads = new ArrayList<>();
    final List<Message> sent = new ArrayList<>(); // everything that was ever sent
    private final List<Message> network = new ArrayList<>();
    private long isolated;

    TestNet(int size, boolean checkQuorum, boolean preVote) {
        ConfState all = ConfState.of(LongStream.rangeClosed(1, size).boxed().toList(), List.of());
        Snapshot start = new Snapshot(new SnapshotMeta(all, 2, 1), null);
        RaftOptions options = new RaftOptions(false, checkQuorum, preVote, ReadOnlyOption.SAFE, false, false, false);
        RaftLimits limits = new RaftLimits(RaftLimits.UNLIMITED, RaftLimits.UNLIMITED, 1000, 256, RaftLimits.UNLIMITED);
        for (long id = 1; id <= size; id++) {
            members.add(new ScriptMember(new RaftConfig(id, 2, 10, 1, limits, options), start, RaftLogger.SILENT));
        }
    }

    RaftNode node(long id) {
        return members.get((int) id - 1).node;
    }

    TestNet elect(long id) {
        node(id).campaign();
        return settle();
    }

    /** Nobody hears this member, nor it anybody; 0: all are together. */
    TestNet isolate(long id) {
        isolated = id;
        return this;
    }

    void propose(long id, String command) {
        node(id).propose(List.of(Bytes.utf8(command)));
    }

    /** Turns and deliveries until nothing happens. */
    TestNet settle() {
        for (int round = 0; round < 200; round++) {
            boolean busy = false;
            for (ScriptMember member : members) busy |= turn(member.config.id());
            List<Message> batch = List.copyOf(network);
            network.clear();
            for (Message m : batch) {
                if (m.to() <= members.size() && m.to() != isolated && m.from() != isolated) node(m.to()).step(m);
            }
            if (!busy && batch.isEmpty()) return this;
        }
        throw new AssertionError("does not come to rest");
    }

    boolean turn(long id) {
        ScriptMember member = members.get((int) id - 1);
        if (!member.node.hasReady()) return false;
        Ready ready = member.node.ready();
        HardState hard = ready.hardState();
        member.store(hard, ready.entries(), ready.snapshot());
        member.apply(ready.committedEntries());
        reads.addAll(ready.readStates());
        sent.addAll(ready.messages());
        network.addAll(ready.messages());
        member.node.advance();
        return true;
    }

    List<Message> sent(MessageType type) {
        return sent.stream().filter(m -> m.type() == type).toList();
    }
}
