package io.binnacle.raft;

/**
 * Bounds on sizes. Encoded bytes are those of raftpb.Entry; at least one entry always passes.
 *
 * @param messageBytesMax encoded bytes of the entries of one append
 * @param applyingBytesMax encoded bytes of committed entries given out and not yet acknowledged as applied
 * @param uncommittedBytesMax data bytes of a leader's proposals that are not committed yet
 * @param inflightMessagesMax appends on their way to one follower
 * @param inflightBytesMax data bytes on their way to one follower
 */
public record RaftLimits(long messageBytesMax, long applyingBytesMax, long uncommittedBytesMax, int inflightMessagesMax,
        long inflightBytesMax) {

    /** No bound. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Checks that every bound lets something pass. */
    public RaftLimits {
        if (messageBytesMax < 0 || applyingBytesMax <= 0 || uncommittedBytesMax <= 0 || inflightMessagesMax <= 0) {
            throw new IllegalArgumentException("a limit of zero lets nothing pass");
        }
        if (inflightBytesMax < messageBytesMax) {
            throw new IllegalArgumentException("in-flight bytes " + inflightBytesMax + " < one message " + messageBytesMax);
        }
    }

    /** What etcd sets: 1 MiB a message and a turn, 512 messages in flight. */
    public static RaftLimits etcd() {
        return new RaftLimits(1 << 20, 1 << 20, UNLIMITED, 512, UNLIMITED);
    }
}
