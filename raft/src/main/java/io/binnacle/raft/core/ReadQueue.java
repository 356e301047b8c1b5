package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.Message;
import io.binnacle.raft.quorum.AckedIndexes;
import io.binnacle.raft.quorum.JointQuorum;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Read-index requests that wait for a quorum to confirm the leader, thesis §6.4.
 *
 * <p>Requests are numbered from 1 within the leader's reign. A heartbeat carries the number of the newest one waiting, as
 * eight bytes little-endian, and the follower echoes it; a member that echoed n confirms all up to n. So the number
 * confirmed by a quorum is the same question as the index committed by one.
 */
final class ReadQueue {

    /** A request and the commit index when it came. */
    record Waiting(Message request, long index) {}

    /** More requests than this are dropped: readers ask again after a while anyway. */
    private static final int WAITING_MAX = 1 << 16;

    private final ArrayDeque<Waiting> unconfirmed = new ArrayDeque<>();
    private final ArrayDeque<Message> untilCommit = new ArrayDeque<>(); // came before the first commit of the term
    private long confirmed; // number of the last request that was confirmed

    private long[] members = new long[4];
    private long[] echoed = new long[4];
    private int heard;
    private final AckedIndexes acks = this::echoedBy;

    void reset() {
        unconfirmed.clear();
        untilCommit.clear();
        confirmed = 0;
        heard = 0;
    }

    boolean isFull() {
        return unconfirmed.size() + untilCommit.size() >= WAITING_MAX;
    }

    void postpone(Message request) {
        untilCommit.add(request);
    }

    @Nullable Message nextPostponed() {
        return untilCommit.poll();
    }

    void add(Message request, long commitIndex) {
        unconfirmed.add(new Waiting(request, commitIndex));
    }

    /** What the next heartbeats carry: null when nothing waits. */
    @Nullable Bytes heartbeatContext() {
        if (unconfirmed.isEmpty()) return null;
        long number = newest();
        byte[] encoded = new byte[Long.BYTES];
        for (int at = 0; at < encoded.length; at++) encoded[at] = (byte) (number >>> (Byte.SIZE * at));
        return Bytes.of(encoded);
    }

    /** A member has echoed a heartbeat's context; one that this leader cannot have sent says nothing. */
    void echo(long from, Bytes context) {
        if (context.length() != Long.BYTES) return;
        long number = 0;
        for (int at = 0; at < Long.BYTES; at++) number |= (context.at(at) & 0xFFL) << (Byte.SIZE * at);
        if (number <= 0 || number > newest()) return;
        echo(from, number);
    }

    /** The leader confirms itself. */
    void confirmOwn(long id) {
        echo(id, newest());
    }

    private void echo(long from, long number) {
        for (int at = 0; at < heard; at++) {
            if (members[at] == from) {
                echoed[at] = Math.max(echoed[at], number);
                return;
            }
        }
        if (heard == members.length) {
            members = Arrays.copyOf(members, 2 * heard);
            echoed = Arrays.copyOf(echoed, 2 * heard);
        }
        members[heard] = from;
        echoed[heard] = number;
        heard++;
    }

    /** The next request that a quorum has confirmed, in order, or null. */
    @Nullable Waiting nextConfirmed(JointQuorum voters) {
        if (unconfirmed.isEmpty() || voters.committedIndex(acks) <= confirmed) return null;
        confirmed++;
        return unconfirmed.poll();
    }

    private long newest() {
        return confirmed + unconfirmed.size();
    }

    private long echoedBy(long id) {
        for (int at = 0; at < heard; at++) {
            if (members[at] == id) return echoed[at];
        }
        return 0;
    }
}
