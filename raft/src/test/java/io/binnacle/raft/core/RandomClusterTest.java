package io.binnacle.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Groups under random faults keep every promise, and go on when the faults end. */
final class RandomClusterTest {

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int GROUPS = Integer.getInteger("test.count", 20);
    private static final int STEPS = 6_000;

    @Test
    void randomFaultsNeverBreakSafetyAndProgressReturns() {
        long applied = 0;
        long reads = 0;
        for (int group = 0; group < GROUPS; group++) {
            long seed = GROUPS == 1 ? SEED : SEED + group;
            SimCluster cluster = new SimCluster(seed);
            try {
                for (int step = 0; step < STEPS; step++) cluster.step();
                assertThat(cluster.comesToRest(2_000)).as("a leader commits again").isTrue();
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError(broken + "\nreproduce: -Dtest.count=1 -Dtest.seed=" + seed, broken);
            }
            applied += cluster.laws().appliedCount();
            reads += cluster.laws().reads();
        }
        System.out.println("random groups: " + GROUPS + ", entries applied: " + applied + ", reads answered: " + reads
                + ", seed " + SEED);
        assertThat(applied).isGreaterThan(20L * GROUPS);
    }

    @Test
    void oneSeedGivesOneHistory() {
        SimCluster one = new SimCluster(4711);
        SimCluster other = new SimCluster(4711);
        for (int step = 0; step < STEPS; step++) {
            one.step();
            other.step();
            assertThat(one.laws().appliedCount()).isEqualTo(other.laws().appliedCount());
            assertThat(one.laws().committedMax()).isEqualTo(other.laws().committedMax());
        }
    }
}
