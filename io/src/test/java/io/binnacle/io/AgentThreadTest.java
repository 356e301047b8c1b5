package io.binnacle.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AgentThreadTest {

    private final Clock clock = new SystemClock();

    @Test
    void noWakeUpIsLostHoweverItFallsBetweenTurns() throws Exception {
        ConcurrentLinkedQueue<CountDownLatch> queue = new ConcurrentLinkedQueue<>();
        Agent agent = agent(() -> {
            CountDownLatch next = queue.poll();
            if (next == null) return 0;
            next.countDown();
            return 1;
        }, Long.MAX_VALUE);
        AtomicReference<Throwable> fatal = new AtomicReference<>();
        try (AgentThread thread = new AgentThread(agent, clock, (_, why) -> fatal.set(why), 20).start()) {
            for (int round = 0; round < 20_000; round++) {
                CountDownLatch done = new CountDownLatch(1);
                queue.add(done);
                thread.wake();
                assertThat(done.await(30, TimeUnit.SECONDS)).as("round %d", round).isTrue();
            }
        }
        assertThat(fatal.get()).isNull();
    }

    @Test
    void aDeadlineWakesAnIdleAgent() throws Exception {
        CountDownLatch turns = new CountDownLatch(3);
        long[] next = {clock.nanoTime()};
        Agent agent = new Agent() {
            @Override
            public String name() {
                return "ticker";
            }

            @Override
            public int doWork() {
                if (clock.nanoTime() < next[0]) return 0;
                next[0] += 1_000_000;
                turns.countDown();
                return 1;
            }

            @Override
            public long nextDeadlineNanos() {
                return next[0];
            }
        };
        try (AgentThread _ = new AgentThread(agent, clock, (_, _) -> {}, 0).start()) {
            assertThat(turns.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aFailureReachesTheFatalHandlerAndTheAgentIsClosedOnItsThread() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Throwable> fatal = new AtomicReference<>();
        Agent failing = new Agent() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public int doWork() {
                throw new IllegalStateException("broken");
            }

            @Override
            public void onClose() {
                if (Thread.currentThread().getName().equals("group")) closed.countDown();
            }
        };
        AgentGroup group = new AgentGroup("group", List.of(failing));
        try (AgentThread thread = new AgentThread(group, clock, (_, why) -> fatal.set(why), 0).start()) {
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(fatal.get()).hasMessage("broken");
            thread.wake();
        }
    }

    @Test
    void offloadedWorkRunsOnAThreadOfItsOwn() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        new VirtualThreadOffload("hash").run(() -> {
            if (Thread.currentThread().isVirtual()) done.countDown();
        });
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private interface Turn {
        int take() throws Exception;
    }

    private static Agent agent(Turn turn, long deadline) {
        return new Agent() {
            @Override
            public String name() {
                return "agent";
            }

            @Override
            public int doWork() throws Exception {
                return turn.take();
            }

            @Override
            public long nextDeadlineNanos() {
                return deadline;
            }
        };
    }
}
