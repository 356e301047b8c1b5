package io.binnacle.raft;

import java.util.List;

/**
 * A membership as it is stored: raftpb.ConfState.
 *
 * @param voters voters, the incoming half of a joint membership
 * @param learners members that get the log but have no vote
 * @param votersOutgoing the outgoing half of a joint membership, else empty
 * @param learnersNext voters of the outgoing half that become learners when the joint membership is left
 * @param autoLeave whether the leader leaves the joint membership by itself
 * @param autoLeaveSet whether {@code autoLeave} is on the wire
 */
public record ConfState(List<Long> voters, List<Long> learners, List<Long> votersOutgoing, List<Long> learnersNext,
        boolean autoLeave, boolean autoLeaveSet) {

    /** Nobody. */
    public static final ConfState EMPTY = new ConfState(List.of(), List.of(), List.of(), List.of(), false, false);

    /** Copies the lists. */
    public ConfState {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        votersOutgoing = List.copyOf(votersOutgoing);
        learnersNext = List.copyOf(learnersNext);
    }

    /** A membership that is not joint. */
    public static ConfState of(List<Long> voters, List<Long> learners) {
        return new ConfState(voters, learners, List.of(), List.of(), false, true);
    }

    /** Whether a member takes part in any way but as a learner to be. */
    public boolean contains(long id) {
        return voters.contains(id) || learners.contains(id) || votersOutgoing.contains(id);
    }

    /** Whether both name the same members in the same parts; order and presence do not count. */
    public boolean isEquivalentTo(ConfState other) {
        return autoLeave == other.autoLeave && same(voters, other.voters) && same(learners, other.learners)
                && same(votersOutgoing, other.votersOutgoing) && same(learnersNext, other.learnersNext);
    }

    private static boolean same(List<Long> one, List<Long> other) {
        return one.size() == other.size() && one.stream().sorted().toList().equals(other.stream().sorted().toList());
    }
}
