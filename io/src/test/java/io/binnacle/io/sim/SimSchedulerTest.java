package io.binnacle.io.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.io.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimSchedulerTest {

    private static final class Ticker implements Agent {
        private final String name;
        private final SimClock clock;
        private final long periodNanos;
        private final List<String> trace;
        private long next;

        Ticker(String name, SimClock clock, long periodNanos, List<String> trace) {
            this.name = name;
            this.clock = clock;
            this.periodNanos = periodNanos;
            this.trace = trace;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int doWork() {
            if (clock.nanoTime() < next) return 0;
            next += periodNanos;
            trace.add(name + "@" + clock.nanoTime() / 1000);
            return 1;
        }

        @Override
        public long nextDeadlineNanos() {
            return next;
        }
    }

    private static List<String> run(long seed) {
        SimTime time = new SimTime();
        Random random = new Random(seed);
        List<String> trace = new ArrayList<>();
        SimScheduler scheduler = new SimScheduler(random, time, (agent, why) -> trace.add(agent.name() + why));
        for (int member = 0; member < 3; member++) {
            SimClock clock = new SimClock(time, 1_000);
            scheduler.add(new Ticker("m" + member, clock, 1_000_000, trace), clock);
        }
        scheduler.offload(10_000_000).run(() -> trace.add("offloaded"));
        scheduler.runFor(20_000_000, 10_000);
        return trace;
    }

    @Test
    void oneSeedGivesOneOrderAndOtherSeedsOthers() {
        assertThat(run(1)).isEqualTo(run(1)).contains("offloaded").hasSizeBetween(60, 64);
        assertThat(run(1)).isNotEqualTo(run(2));
    }

    @Test
    void clocksDriftJumpAndNeverWakeAnAgentTooEarly() {
        SimTime time = new SimTime();
        List<String> trace = new ArrayList<>();
        SimClock slow = new SimClock(time, 5_000);
        slow.drift(0.5);
        SimScheduler scheduler = new SimScheduler(new Random(1), time, (_, _) -> {});
        scheduler.add(new Ticker("slow", slow, 1_000_000, trace), slow);
        scheduler.runFor(10_000_000, 1_000);

        assertThat(trace).hasSizeBetween(5, 6);
        assertThat(slow.nanoTime()).isEqualTo(5_000_000);
        assertThat(slow.wallMillis()).isEqualTo(5_005);
        slow.jumpWall(-4_000);
        assertThat(slow.wallMillis()).isEqualTo(1_005);
        assertThat(scheduler.steps()).isLessThan(30);
    }

    @Test
    void aFailedAgentIsReportedOnceAndASpinningOneFound() {
        SimTime time = new SimTime();
        List<String> failures = new ArrayList<>();
        SimScheduler scheduler = new SimScheduler(new Random(1), time, (agent, why) -> failures.add(why.getMessage()));
        SimClock clock = new SimClock(time, 0);
        scheduler.add(new Agent() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public int doWork() throws Exception {
                throw new java.io.IOException("disk");
            }
        }, clock);
        assertThat(scheduler.runUntil(() -> false, 100)).isFalse();
        assertThat(failures).containsExactly("disk");

        scheduler.add(new Agent() {
            @Override
            public String name() {
                return "spinning";
            }

            @Override
            public int doWork() {
                return 1;
            }
        }, clock);
        assertThatThrownBy(() -> scheduler.runUntil(() -> false, 100)).isInstanceOf(IllegalStateException.class);
    }
}
