package io.binnacle.io;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives an agent a thread: turn after turn while there is work, then a bounded spin, then parked until woken or until
 * the agent's deadline. What the agent throws ends the thread and goes to the fatal handler; {@link Agent#onClose()}
 * is called on the thread in every case.
 */
public final class AgentThread implements Waker, AutoCloseable {

    /** Told why an agent stopped working; runs on the agent's thread. */
    @FunctionalInterface
    public interface FatalHandler {
        /** The agent cannot go on, and so the member cannot. */
        void fatal(Agent agent, Throwable why);
    }

    /** In a turn, or about to look at its queues once more before parking. */
    private static final int RUNNING = 0;
    /** Parked, or about to: whoever wakes it must unpark. */
    private static final int PARKED = 1;
    /** Another turn is certain; waking again costs nothing. */
    private static final int WOKEN = 2;

    private final Agent agent;
    private final Clock clock;
    private final FatalHandler fatalHandler;
    private final int spins;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(RUNNING);
    private volatile boolean stopping;

    /**
     * Prepares the thread; {@link #start()} starts it.
     *
     * @param spins how often the idle thread looks for a wake-up before it parks; 0 on machines with few cores
     */
    public AgentThread(Agent agent, Clock clock, FatalHandler fatalHandler, int spins) {
        this.agent = agent;
        this.clock = clock;
        this.fatalHandler = fatalHandler;
        this.spins = spins;
        this.thread = Thread.ofPlatform().name(agent.name()).unstarted(this::run);
    }

    /** Starts the duty cycle; once. */
    public AgentThread start() {
        thread.start();
        return this;
    }

    @Override
    public void wake() {
        VarHandle.fullFence(); // what was put in the agent's queue is visible before the state is looked at
        if (state.get() != WOKEN && state.getAndSet(WOKEN) == PARKED) LockSupport.unpark(thread);
    }

    /** Whether the calling thread is the agent's. */
    public boolean inThread() {
        return Thread.currentThread() == thread;
    }

    /** Whether the duty cycle is going. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        try {
            while (!stopping) {
                state.getAndSet(RUNNING); // before the queues are looked at: a wake-up from here on is not missed
                if (agent.doWork() == 0) idle();
            }
        } catch (Throwable failed) { // an agent that failed must not die in silence, whatever it was
            fatalHandler.fatal(agent, failed);
        } finally {
            try {
                agent.onClose();
            } catch (Exception failed) {
                fatalHandler.fatal(agent, failed);
            }
        }
    }

    private void idle() {
        for (int spin = 0; spin < spins; spin++) {
            if (state.get() == WOKEN) return;
            Thread.onSpinWait();
        }
        long deadline = agent.nextDeadlineNanos();
        if (!state.compareAndSet(RUNNING, PARKED)) return;
        while (state.get() == PARKED && !stopping) {
            if (deadline == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                long left = deadline - clock.nanoTime();
                if (left <= 0) return;
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /** Asks the agent to end after its current turn; does not wait. */
    public void stop() {
        stopping = true;
        wake();
    }

    /**
     * Ends the agent and waits for its thread, unless called on it.
     *
     * @throws IllegalStateException if the agent's turn does not end within 60 s
     */
    @Override
    public void close() {
        stop();
        if (inThread() || thread.getState() == Thread.State.NEW) return;
        long deadline = clock.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        boolean interrupted = false;
        while (thread.isAlive() && deadline - clock.nanoTime() > 0) {
            try {
                thread.join(TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanoTime()) + 1);
            } catch (InterruptedException _) {
                interrupted = true; // the agent's files must not be left open behind it; told to the caller below
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        if (thread.isAlive()) throw new IllegalStateException("agent " + agent.name() + " does not end its turn");
    }
}
