package io.binnacle.raft.quorum;

/**
 * Two majorities that must both agree while a membership changes, thesis §4.3.
 *
 * @param incoming the new voters, or the only ones
 * @param outgoing the old voters; nobody when the membership is not joint
 */
public record JointQuorum(Majority incoming, Majority outgoing) {

    /** Nobody at all. */
    public static final JointQuorum EMPTY = new JointQuorum(Majority.EMPTY, Majority.EMPTY);

    /** Of two sets of voters. */
    public static JointQuorum of(IdSet incoming, IdSet outgoing) {
        return new JointQuorum(new Majority(incoming), new Majority(outgoing));
    }

    /** Whether two majorities are needed. */
    public boolean isJoint() {
        return !outgoing.voters().isEmpty();
    }

    /** Everybody with a vote in either half. */
    public IdSet all() {
        return incoming.voters().union(outgoing.voters());
    }

    /** Whether the member has a vote in either half. */
    public boolean contains(long id) {
        return incoming.voters().contains(id) || outgoing.voters().contains(id);
    }

    /** Whether one voter decides alone. */
    public boolean isSingleton() {
        return incoming.voters().size() == 1 && !isJoint();
    }

    /** The highest index that both majorities have acknowledged. */
    public long committedIndex(AckedIndexes acked) {
        return Math.min(incoming.committedIndex(acked), outgoing.committedIndex(acked));
    }

    /** Won if both halves are, lost if either is. */
    public VoteResult result(Ballot ballot) {
        VoteResult in = incoming.result(ballot);
        VoteResult out = outgoing.result(ballot);
        if (in == out) return in;
        return in == VoteResult.LOST || out == VoteResult.LOST ? VoteResult.LOST : VoteResult.PENDING;
    }

    /** As etcd's logs show it: {@code (1 2 3)&&(1)}. */
    @Override
    public String toString() {
        return isJoint() ? incoming + "&&" + outgoing : incoming.toString();
    }
}
