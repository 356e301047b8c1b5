package io.binnacle.io.sim;

import io.binnacle.io.Agent;
import io.binnacle.io.Offload;
import io.binnacle.io.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs agents, timers and off-loaded work on the calling thread, one turn at a time, in an order drawn from the random
 * generator. When nothing can run, virtual time jumps to the next timer or deadline. Same seed and same agents: same
 * order.
 */
public final class SimScheduler {

    /** Where a failed agent is reported; the scheduler has already dropped it. */
    @FunctionalInterface
    public interface FailureHandler {
        /** The agent threw; its member stops, or the test fails. */
        void failed(Agent agent, Exception why);
    }

    /** An agent in the scheduler. */
    public final class Handle implements Waker {
        private final Agent agent;
        private final SimClock clock;
        private boolean runnable = true;
        private boolean removed;

        private Handle(Agent agent, SimClock clock) {
            this.agent = agent;
            this.clock = clock;
        }

        @Override
        public void wake() {
            runnable = true;
        }

        /** Takes the agent out as a crash does: it gets no more turns and is not closed. */
        public void remove() {
            removed = true;
            agents.remove(this);
        }
    }

    /** Due at a true time; equal times in the order of their numbers. */
    private record Timer(long dueNanos, long number, Runnable work) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final RandomGenerator random;
    private final SimTime time;
    private final FailureHandler onFailure;
    private final List<Handle> agents = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Handle> ready = new ArrayList<>();
    private long timersMade;
    private long steps;

    /** A scheduler without agents; {@code time} is moved by it. */
    public SimScheduler(RandomGenerator random, SimTime time, FailureHandler onFailure) {
        this.random = random;
        this.time = time;
        this.onFailure = onFailure;
    }

    /** Adds an agent whose deadlines are on {@code clock}; it gets a first turn by itself. */
    public Handle add(Agent agent, SimClock clock) {
        Handle handle = new Handle(agent, clock);
        agents.add(handle);
        return handle;
    }

    /** Runs the work once so many true nanoseconds have passed. */
    public void after(long delayNanos, Runnable work) {
        if (delayNanos < 0) throw new IllegalArgumentException("delay " + delayNanos);
        timers.add(new Timer(time.nanos() + delayNanos, timersMade++, work));
    }

    /** Off-loaded work runs after a random delay of up to {@code delayNanosMax}. */
    public Offload offload(long delayNanosMax) {
        return work -> after(random.nextLong(delayNanosMax + 1), work);
    }

    /** Turns and timers run so far. */
    public long steps() {
        return steps;
    }

    /** Takes one step; false when nothing is runnable now or later. */
    public boolean step() {
        ready.clear();
        long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().dueNanos();
        for (Handle handle : agents) {
            long due = handle.runnable ? time.nanos() : handle.clock.trueNanosOf(handle.agent.nextDeadlineNanos());
            if (due <= time.nanos()) ready.add(handle);
            next = Math.min(next, due);
        }
        if (next == Long.MAX_VALUE) return false;
        if (next > time.nanos()) {
            time.advance(next - time.nanos());
            return true;
        }
        steps++;
        boolean timerDue = !timers.isEmpty() && timers.peek().dueNanos() <= time.nanos();
        int chosen = random.nextInt(ready.size() + (timerDue ? 1 : 0));
        if (chosen == ready.size()) due(timers.poll());
        else turn(ready.get(chosen));
        return true;
    }

    private static void due(@Nullable Timer timer) {
        if (timer != null) timer.work().run();
    }

    private void turn(Handle handle) {
        handle.runnable = false; // before the turn: a wake-up during it counts
        try {
            if (handle.agent.doWork() > 0) handle.runnable = true;
        } catch (Exception failed) { // the agent's own way of saying that its member must stop
            if (!handle.removed) handle.remove();
            onFailure.failed(handle.agent, failed);
        }
    }

    /**
     * Steps until {@code done} or until nothing can run.
     *
     * @return whether {@code done} came true
     * @throws IllegalStateException after {@code stepsMax} steps: something is spinning
     */
    public boolean runUntil(BooleanSupplier done, long stepsMax) {
        for (long taken = 0; taken < stepsMax; taken++) {
            if (done.getAsBoolean()) return true;
            if (!step()) return done.getAsBoolean();
        }
        throw new IllegalStateException("not done after " + stepsMax + " steps at " + time.nanos() + " ns");
    }

    /** Steps until so much true time has passed, which it has afterwards even if nothing could run. */
    public void runFor(long nanos, long stepsMax) {
        long end = time.nanos() + nanos;
        after(nanos, () -> {});
        runUntil(() -> time.nanos() >= end, stepsMax);
    }
}
