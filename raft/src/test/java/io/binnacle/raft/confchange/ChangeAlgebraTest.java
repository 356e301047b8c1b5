package io.binnacle.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.tracker.Configuration;
import io.binnacle.raft.tracker.Tracker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Membership changes beside a second implementation on plain sets, and the laws they must keep. */
final class ChangeAlgebraTest {

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int CASES = Integer.getInteger("test.count", 2_000);

    /** Voters and learners as plain sets: what a change means once a joint membership is left. */
    private record Naive(TreeSet<Long> voters, TreeSet<Long> learners) {
        void apply(List<ConfChangeSingle> changes) {
            for (ConfChangeSingle change : changes) {
                long id = change.nodeId();
                if (id == 0 || change.type() == ConfChangeType.UPDATE_NODE) continue;
                voters.remove(id);
                learners.remove(id);
                if (change.type() == ConfChangeType.ADD_NODE) voters.add(id);
                if (change.type() == ConfChangeType.ADD_LEARNER_NODE) learners.add(id);
            }
        }
    }

    @Test
    void goingThroughAJointMembershipEndsWhereThePlainSetsSay() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int at = 0; at < CASES; at++) {
            Tracker tracker = new Tracker(4, Long.MAX_VALUE);
            Naive naive = new Naive(new TreeSet<>(), new TreeSet<>());
            seat(tracker, naive, random);
            for (int step = 0; step < 4; step++) {
                List<ConfChangeSingle> changes = changes(random, 1 + random.nextInt(5));
                Naive wanted = new Naive(new TreeSet<>(naive.voters), new TreeSet<>(naive.learners));
                wanted.apply(changes);
                String story = naive + " by " + changes + "; reproduce: -Dtest.seed=" + SEED;

                Changer.Outcome entered = new Changer(tracker, 10).enterJoint(random.nextBoolean(), changes);
                if (wanted.voters.isEmpty()) {
                    assertThat(entered).as(story).isEqualTo(new Changer.Refused("removed all voters"));
                    continue;
                }
                Changer.Changed joint = (Changer.Changed) entered;
                assertThat(joint.configuration().outgoing().toList()).as(story).containsExactlyElementsOf(naive.voters);
                assertThat(joint.configuration().incoming().toList()).as(story).containsExactlyElementsOf(wanted.voters);
                assertThat(restored(joint.configuration())).as(story).isEqualTo(joint.configuration());
                tracker.switchTo(joint.configuration(), joint.progress());

                Changer.Changed left = (Changer.Changed) new Changer(tracker, 10).leaveJoint();
                tracker.switchTo(left.configuration(), left.progress());
                assertThat(left.configuration().incoming().toList()).as(story).containsExactlyElementsOf(wanted.voters);
                assertThat(left.configuration().learners().toList()).as(story).containsExactlyElementsOf(wanted.learners);
                assertThat(restored(left.configuration())).as(story).isEqualTo(left.configuration());
                naive = wanted;
            }
        }
    }

    @Test
    void simpleChangeIsRefusedExactlyWhenMoreThanOneVoterChangesOrNoneIsLeft() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int at = 0; at < CASES; at++) {
            Tracker tracker = new Tracker(4, Long.MAX_VALUE);
            Naive naive = new Naive(new TreeSet<>(), new TreeSet<>());
            seat(tracker, naive, random);
            List<ConfChangeSingle> changes = changes(random, 1 + random.nextInt(3));
            Naive wanted = new Naive(new TreeSet<>(naive.voters), new TreeSet<>(naive.learners));
            wanted.apply(changes);

            Set<Long> changed = new HashSet<>(naive.voters);
            changed.removeAll(wanted.voters);
            Set<Long> added = new HashSet<>(wanted.voters);
            added.removeAll(naive.voters);
            boolean allowed = !wanted.voters.isEmpty() && changed.size() + added.size() <= 1;

            assertThat(new Changer(tracker, 10).simple(changes) instanceof Changer.Changed)
                    .as("%s by %s; reproduce: -Dtest.seed=%d", naive, changes, SEED).isEqualTo(allowed);
        }
    }

    @Test
    void encodedChangesAreReadBackWithPresence() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int at = 0; at < CASES; at++) {
            Bytes context = random.nextBoolean() ? null : Bytes.utf8("c".repeat(random.nextInt(300)));
            ConfChange one = new ConfChange(random.nextLong(), true, ConfChangeType.REMOVE_NODE, random.nextLong(), context);
            Transition transition = random.nextBoolean() ? null : Transition.JOINT_EXPLICIT;
            ConfChangeV2 many = new ConfChangeV2(transition, changes(random, random.nextInt(5)), context);

            assertThat(MembershipChange.of(EntryType.CONF_CHANGE, one.encode())).isEqualTo(one);
            assertThat(MembershipChange.of(EntryType.CONF_CHANGE_V2, many.encode())).isEqualTo(many);
        }
    }

    private static Configuration restored(Configuration configuration) {
        ConfState stored = configuration.confState();
        return Changer.restore(new Tracker(4, Long.MAX_VALUE), 10, stored).configuration();
    }

    private static void seat(Tracker tracker, Naive naive, SplittableRandom random) {
        for (long id = 1; id <= 5; id++) {
            if (id > 1 && random.nextInt(3) == 0) continue;
            boolean learner = id > 1 && random.nextInt(3) == 0;
            ConfChangeSingle change =
                    new ConfChangeSingle(learner ? ConfChangeType.ADD_LEARNER_NODE : ConfChangeType.ADD_NODE, id);
            Changer.Changed changed = (Changer.Changed) new Changer(tracker, 10).simple(List.of(change));
            tracker.switchTo(changed.configuration(), changed.progress());
            naive.apply(List.of(change));
        }
    }

    private static List<ConfChangeSingle> changes(SplittableRandom random, int count) {
        List<ConfChangeSingle> changes = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            ConfChangeType type = switch (random.nextInt(7)) {
                case 0, 1, 2 -> ConfChangeType.ADD_NODE;
                case 3, 4 -> ConfChangeType.REMOVE_NODE;
                case 5 -> ConfChangeType.ADD_LEARNER_NODE;
                default -> ConfChangeType.UPDATE_NODE;
            };
            changes.add(new ConfChangeSingle(type, random.nextLong(0, 7)));
        }
        return changes;
    }
}
