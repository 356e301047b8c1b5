package io.binnacle.raft.core;

import java.util.random.RandomGenerator;

/** Time in ticks since things happened, and when they are due. */
final class ElectionTimer {

    private final int electionTicks;
    private final int heartbeatTicks;
    private final RandomGenerator random;
    private int sinceLeader; // as leader: since the last check of the quorum
    private int sinceHeartbeat;
    private int timeoutTicks;

    ElectionTimer(int electionTicks, int heartbeatTicks, RandomGenerator random) {
        this.electionTicks = electionTicks;
        this.heartbeatTicks = heartbeatTicks;
        this.random = random;
    }

    /** Begins anew with another timeout, so that candidates seldom collide: thesis §3.4. */
    void restart() {
        sinceLeader = 0;
        sinceHeartbeat = 0;
        timeout(electionTicks + random.nextInt(electionTicks));
    }

    /** Sets after how many ticks without a leader an election is due. */
    void timeout(int ticks) {
        timeoutTicks = ticks;
    }

    /** A leader was heard of, or a vote given. */
    void heardOfLeader() {
        sinceLeader = 0;
    }

    /** Counts a tick of a follower or candidate. */
    void tick() {
        sinceLeader++;
    }

    /** Whether an election is due. */
    boolean isElectionDue() {
        return sinceLeader >= timeoutTicks;
    }

    /** Counts a tick of a leader; whether an election timeout has passed since the last time. */
    boolean tickLeader() {
        sinceHeartbeat++;
        sinceLeader++;
        if (sinceLeader < electionTicks) return false;
        sinceLeader = 0;
        return true;
    }

    /** Whether a heartbeat is due; then it counts as sent. */
    boolean takeHeartbeat() {
        if (sinceHeartbeat < heartbeatTicks) return false;
        sinceHeartbeat = 0;
        return true;
    }

    /** Ticks until a leader that was heard of may be doubted; 0 or less: now. */
    int leaseTicksLeft() {
        return electionTicks - sinceLeader;
    }
}
