package io.binnacle.raft.tracker;

import io.binnacle.raft.ConfState;
import io.binnacle.raft.quorum.IdSet;
import io.binnacle.raft.quorum.JointQuorum;

/**
 * A membership, thesis chapter 4.
 *
 * @param voters the voters, of two halves while it is joint
 * @param autoLeave whether the leader leaves the joint membership by itself
 * @param learners members without a vote; nobody is voter and learner at once
 * @param learnersNext voters of the outgoing half who will be learners when the joint membership is left
 */
public record Configuration(JointQuorum voters, boolean autoLeave, IdSet learners, IdSet learnersNext) {

    /** Nobody. */
    public static final Configuration EMPTY = new Configuration(JointQuorum.EMPTY, false, IdSet.EMPTY, IdSet.EMPTY);

    /** The voters of the new half, or the only ones. */
    public IdSet incoming() {
        return voters.incoming().voters();
    }

    /** The voters of the old half, if there are two. */
    public IdSet outgoing() {
        return voters.outgoing().voters();
    }

    /** As it is stored. */
    public ConfState confState() {
        return new ConfState(incoming().toList(), learners.toList(), outgoing().toList(), learnersNext.toList(),
                autoLeave, true);
    }

    /** As etcd's logs show it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("voters=").append(voters);
        if (!learners.isEmpty()) text.append(" learners=").append(learners);
        if (!learnersNext.isEmpty()) text.append(" learners_next=").append(learnersNext);
        if (autoLeave) text.append(" autoleave");
        return text.toString();
    }
}
