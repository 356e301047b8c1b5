package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.ReadOnlyOption;
import io.binnacle.raft.ReadState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Read indexes at the leader, thesis §6.4: the commit index is a read index if this is still the leader and has committed
 * in its own term.
 */
final class Reads {

    private final Core core;
    private final Replication replication;

    Reads(Core core, Replication replication) {
        this.core = core;
        this.replication = replication;
    }

    /**
     * Takes a request of this member's or of a follower's. Until the term's first commit it waits: the commit index may
     * be behind. That holds for a single voter too, whose saved commit index may be older than what it acknowledged.
     */
    void onRequest(Message request) {
        if (core.reads.isFull()) {
            core.debug("dropping read index request: too many are waiting");
        } else if (core.hasCommittedInTerm()) {
            confirm(request);
        } else {
            core.reads.postpone(request);
        }
    }

    /** The term has its first commit, or another one: what waited for it goes on. */
    void onCommit() {
        if (!core.hasCommittedInTerm()) return;
        for (Message waiting = core.reads.nextPostponed(); waiting != null; waiting = core.reads.nextPostponed()) {
            confirm(waiting);
        }
    }

    private void confirm(Message request) {
        long index = core.log.committed();
        if (core.tracker.configuration().voters().isSingleton()
                || core.options.readOnly() == ReadOnlyOption.LEASE_BASED) {
            answer(request, index);
            return;
        }
        core.reads.add(request, index);
        core.reads.confirmOwn(core.id);
        replication.heartbeatToAll(core.reads.heartbeatContext());
    }

    /** A follower has answered a heartbeat. */
    void onHeartbeatResponse(long from, @Nullable Bytes context) {
        if (core.options.readOnly() != ReadOnlyOption.SAFE || context == null || context.isEmpty()) return;
        core.reads.echo(from, context);
        answerConfirmed();
    }

    private void answerConfirmed() {
        for (ReadQueue.Waiting read = next(); read != null; read = next()) answer(read.request(), read.index());
    }

    private ReadQueue.@Nullable Waiting next() {
        return core.reads.nextConfirmed(core.tracker.configuration().voters());
    }

    private void answer(Message request, long index) {
        if (request.from() == NodeId.NONE || request.from() == core.id) {
            Bytes context = contextOf(request.entries());
            core.outbox.answerRead(new ReadState(context, index));
            return;
        }
        core.outbox.send(new Message(MessageType.READ_INDEX_RESP, request.from(), core.id, core.term(), 0, index,
                request.entries(), 0, null, false, 0, null, 0, List.of()));
    }

    /** What the request that carries these entries is known by. */
    static Bytes contextOf(EntrySlice entries) {
        Entry first = entries.get(0);
        Bytes context = first.data();
        return context == null ? Bytes.EMPTY : context;
    }
}
