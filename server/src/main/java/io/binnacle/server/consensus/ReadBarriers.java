package io.binnacle.server.consensus;

import io.binnacle.base.Bytes;
import io.binnacle.io.Clock;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.core.RaftNode;
import io.binnacle.server.apply.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads that wait for a read index: all that wait at one moment share one round (shared contract: api.md
 * §2.1). A part of the consensus agent.
 */
final class ReadBarriers {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Reads that may wait; beyond, they are refused. */
    private static final int WAITING_MAX = 1 << 17;

    private record Waiting(LinearizableRead reader, long deadlineNanos) {}

    private final RaftNode raft;
    private final Clock clock;
    /** Not yet asked for. */
    private List<Waiting> gathering = new ArrayList<>();
    /** Asked for with {@link #context}; empty when no round is under way. */
    private List<Waiting> asked = new ArrayList<>();
    private long context;
    private long askedNanos;
    private long leaderAsked;

    /** Readers that may go on once the index is applied. */
    record Released(long index, List<LinearizableRead> readers) {}

    ReadBarriers(RaftNode raft, Clock clock) {
        this.raft = raft;
        this.clock = clock;
    }

    /** Joins the next round. */
    void add(LinearizableRead reader, long deadlineNanos) {
        if (gathering.size() >= WAITING_MAX) reader.refused(Refusal.TOO_MANY_REQUESTS);
        else gathering.add(new Waiting(reader, deadlineNanos));
    }

    /** Starts a round if somebody waits and none is under way, or repeats one that got no answer. */
    void request() {
        long now = clock.nanoTime();
        if (!asked.isEmpty() && raft.leader() != leaderAsked && leaderAsked != NodeId.NONE) {
            for (Waiting waiting : asked) waiting.reader().refused(Refusal.LEADER_CHANGED);
            asked = new ArrayList<>();
        }
        if (asked.isEmpty()) {
            if (gathering.isEmpty()) return;
            asked = gathering;
            gathering = new ArrayList<>();
        } else if (now - askedNanos < RETRY_NANOS) {
            return;
        }
        context++;
        askedNanos = now;
        leaderAsked = raft.leader();
        raft.readIndex(Bytes.of(ByteBuffer.allocate(8).putLong(context).array()));
    }

    /** The core answered; the readers of that round, to be let go when their index is applied, null for an old round. */
    @Nullable Released answered(ReadState answer) {
        boolean current = answer.context().length() == 8 && answer.context().asByteBuffer().getLong() == context;
        if (!current || asked.isEmpty()) return null;
        List<LinearizableRead> readers = new ArrayList<>(asked.size());
        for (Waiting waiting : asked) readers.add(waiting.reader());
        asked = new ArrayList<>();
        return new Released(answer.index(), readers);
    }

    void expire(long nowNanos) {
        expire(asked, nowNanos);
        expire(gathering, nowNanos);
    }

    private static void expire(List<Waiting> list, long nowNanos) {
        if (list.isEmpty() || list.getFirst().deadlineNanos() - nowNanos > 0) return;
        list.removeIf(waiting -> {
            boolean over = waiting.deadlineNanos() - nowNanos <= 0;
            if (over) waiting.reader().refused(Refusal.TIMEOUT);
            return over;
        });
    }

    void refuseAll(Refusal why) {
        for (Waiting waiting : asked) waiting.reader().refused(why);
        for (Waiting waiting : gathering) waiting.reader().refused(why);
        asked = new ArrayList<>();
        gathering = new ArrayList<>();
    }
}
