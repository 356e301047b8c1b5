package io.binnacle.raft;

/**
 * What one node is made with, besides its ports.
 *
 * @param id the member's id, none of the reserved ones of {@link NodeId}
 * @param applied index that the state machine had applied before, 0: unknown, begin after the snapshot
 * @param electionTicks ticks without a leader after which a follower campaigns, at the earliest; it waits up to twice
 *     as long, drawn anew each time
 * @param heartbeatTicks ticks between heartbeats
 * @param limits bounds on sizes
 * @param options behaviour
 */
public record RaftConfig(long id, long applied, int electionTicks, int heartbeatTicks, RaftLimits limits,
        RaftOptions options) {

    /** Checks ids and times. */
    public RaftConfig {
        if (id == NodeId.NONE || NodeId.isLocalAgent(id)) throw new IllegalArgumentException("reserved id " + id);
        if (heartbeatTicks <= 0) throw new IllegalArgumentException("heartbeat tick must be greater than 0");
        if (electionTicks <= heartbeatTicks) {
            throw new IllegalArgumentException("election tick must be greater than heartbeat tick");
        }
    }
}
