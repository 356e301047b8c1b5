package io.binnacle.raft.confchange;

import io.binnacle.base.Check;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.quorum.IdSet;
import io.binnacle.raft.quorum.JointQuorum;
import io.binnacle.raft.tracker.Configuration;
import io.binnacle.raft.tracker.Progress;
import io.binnacle.raft.tracker.ProgressMap;
import io.binnacle.raft.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the membership after a change. What it starts from is left as it is; members that are new begin to be probed
 * at the last index of the log, since a follower's own answer finds the place faster than a snapshot would.
 */
public final class Changer {

    /** What a change gives. */
    public sealed interface Outcome permits Changed, Refused {}

    /** The next membership, with the progress of its members. */
    public record Changed(Configuration configuration, ProgressMap progress) implements Outcome {}

    /** Why there is none, in etcd's words. */
    public record Refused(String reason) implements Outcome {}

    private final Tracker tracker;
    private final long lastIndex;

    /** Changes start from what the tracker has in force; the log ends at {@code lastIndex}. */
    public Changer(Tracker tracker, long lastIndex) {
        this.tracker = tracker;
        this.lastIndex = lastIndex;
    }

    /** Applies a change in the way that it asks for. */
    public Outcome change(ConfChangeV2 change) {
        if (change.leavesJoint()) return leaveJoint();
        return change.entersJoint() ? enterJoint(change.autoLeave(), change.changes()) : simple(change.changes());
    }

    /** Makes a joint membership: the old voters go out, and come in as the changes say. */
    public Outcome enterJoint(boolean autoLeave, List<ConfChangeSingle> changes) {
        Draft draft = new Draft();
        if (draft.isJoint()) return new Refused("config is already joint");
        if (draft.incoming.isEmpty()) return new Refused("can't make a zero-voter config joint");
        draft.outgoing = draft.incoming;
        draft.apply(changes);
        if (draft.incoming.isEmpty()) return new Refused("removed all voters");
        draft.autoLeave = autoLeave;
        return draft.finish();
    }

    /** Leaves a joint membership: the outgoing half is forgotten, and learners to be become learners. */
    public Outcome leaveJoint() {
        Draft draft = new Draft();
        if (!draft.isJoint()) return new Refused("can't leave a non-joint config");
        for (int at = 0; at < draft.learnersNext.size(); at++) {
            long id = draft.learnersNext.at(at);
            draft.learners = draft.learners.plus(id);
            draft.progress.of(id).learner(true);
        }
        draft.learnersNext = IdSet.EMPTY;
        for (int at = 0; at < draft.outgoing.size(); at++) {
            long id = draft.outgoing.at(at);
            if (!draft.incoming.contains(id) && !draft.learners.contains(id)) draft.progress = draft.progress.minus(id);
        }
        draft.outgoing = IdSet.EMPTY;
        draft.autoLeave = false;
        return draft.finish();
    }

    /** Applies changes of which at most one is of a voter: then the old and the new majorities overlap, thesis §4.1. */
    public Outcome simple(List<ConfChangeSingle> changes) {
        Draft draft = new Draft();
        if (draft.isJoint()) return new Refused("can't apply simple config change in joint config");
        IdSet before = draft.incoming;
        draft.apply(changes);
        if (draft.incoming.isEmpty()) return new Refused("removed all voters");
        if (before.differences(draft.incoming) > 1) {
            return new Refused("more than one voter changed without entering joint config");
        }
        return draft.finish();
    }

    /**
     * The membership that a stored one describes, built by changes from nobody, so that it is as consistent as any.
     *
     * @param tracker names the in-flight limits; what it has in force is replaced on the way
     */
    public static Changed restore(Tracker tracker, long lastIndex, ConfState stored) {
        List<ConfChangeSingle> out = new ArrayList<>();
        List<ConfChangeSingle> in = new ArrayList<>();
        for (long id : stored.votersOutgoing()) {
            out.add(new ConfChangeSingle(ConfChangeType.ADD_NODE, id));
            in.add(new ConfChangeSingle(ConfChangeType.REMOVE_NODE, id));
        }
        for (long id : stored.voters()) in.add(new ConfChangeSingle(ConfChangeType.ADD_NODE, id));
        for (long id : stored.learners()) in.add(new ConfChangeSingle(ConfChangeType.ADD_LEARNER_NODE, id));
        for (long id : stored.learnersNext()) in.add(new ConfChangeSingle(ConfChangeType.ADD_LEARNER_NODE, id));

        Changer changer = new Changer(tracker, lastIndex);
        tracker.switchTo(Configuration.EMPTY, ProgressMap.EMPTY);
        Changed reached = new Changed(Configuration.EMPTY, ProgressMap.EMPTY);
        for (ConfChangeSingle single : out.isEmpty() ? in : out) {
            reached = must(changer.simple(List.of(single)), stored);
            tracker.switchTo(reached.configuration(), reached.progress());
        }
        if (!out.isEmpty()) reached = must(changer.enterJoint(stored.autoLeave(), in), stored);
        return reached;
    }

    private static Changed must(Outcome outcome, ConfState stored) {
        return switch (outcome) {
            case Changed changed -> changed;
            case Refused(String reason) -> throw new IllegalArgumentException(reason + ", restoring " + stored);
        };
    }

    /** A membership in the making. */
    private final class Draft {
        private IdSet incoming = tracker.configuration().incoming();
        private IdSet outgoing = tracker.configuration().outgoing();
        private IdSet learners = tracker.configuration().learners();
        private IdSet learnersNext = tracker.configuration().learnersNext();
        private boolean autoLeave = tracker.configuration().autoLeave();
        private ProgressMap progress = tracker.progress().copy();

        boolean isJoint() {
            return !outgoing.isEmpty();
        }

        void apply(List<ConfChangeSingle> changes) {
            for (ConfChangeSingle change : changes) {
                if (change.nodeId() == 0) continue; // how etcd writes a change that was refused when applied
                switch (change.type()) {
                    case ADD_NODE -> makeVoter(change.nodeId());
                    case ADD_LEARNER_NODE -> makeLearner(change.nodeId());
                    case REMOVE_NODE -> remove(change.nodeId());
                    case UPDATE_NODE -> { }
                }
            }
        }

        private void makeVoter(long id) {
            Progress known = progress.get(id);
            if (known == null) {
                begin(id, false);
                incoming = incoming.plus(id);
                return;
            }
            known.learner(false);
            learners = learners.minus(id);
            learnersNext = learnersNext.minus(id);
            incoming = incoming.plus(id);
        }

        /** A voter that still votes in the outgoing half must not be a learner yet: it waits in learnersNext. */
        private void makeLearner(long id) {
            Progress known = progress.get(id);
            if (known == null) {
                begin(id, true);
                learners = learners.plus(id);
                return;
            }
            if (known.isLearner()) return;
            remove(id);
            if (outgoing.contains(id)) {
                learnersNext = learnersNext.plus(id);
            } else {
                known.learner(true);
                learners = learners.plus(id);
            }
            progress = progress.plus(id, known);
        }

        private void remove(long id) {
            if (progress.get(id) == null) return;
            incoming = incoming.minus(id);
            learners = learners.minus(id);
            learnersNext = learnersNext.minus(id);
            if (!outgoing.contains(id)) progress = progress.minus(id); // else it still votes
        }

        private void begin(long id, boolean learner) {
            // Active at first, so that check-quorum gives a member that was just added time to be heard of.
            Progress fresh = new Progress(0, Math.max(lastIndex, 1), learner, true, tracker.newInflights());
            progress = progress.plus(id, fresh);
        }

        Changed finish() {
            Configuration configuration =
                    new Configuration(JointQuorum.of(incoming, outgoing), autoLeave, learners, learnersNext);
            checkInvariants(configuration, progress);
            return new Changed(configuration, progress);
        }
    }

    private static void checkInvariants(Configuration configuration, ProgressMap progress) {
        IdSet voters = configuration.voters().all();
        for (int at = 0; at < voters.size(); at++) {
            Check.that(progress.get(voters.at(at)) != null, "no progress for a voter");
        }
        for (int at = 0; at < configuration.learners().size(); at++) {
            long id = configuration.learners().at(at);
            Check.that(!voters.contains(id), "a learner has a vote");
            Check.that(progress.of(id).isLearner(), "a learner is tracked as a voter");
        }
        for (int at = 0; at < configuration.learnersNext().size(); at++) {
            long id = configuration.learnersNext().at(at);
            Check.that(configuration.outgoing().contains(id), "a learner to be does not vote in the outgoing half");
            Check.that(!progress.of(id).isLearner(), "a learner to be is tracked as one");
        }
        if (!configuration.voters().isJoint()) {
            Check.that(configuration.learnersNext().isEmpty(), "learners to be without a joint membership");
            Check.that(!configuration.autoLeave(), "auto-leave without a joint membership");
        }
    }
}
