package io.binnacle.rpc.netty;

import io.binnacle.rpc.Loop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * One event loop as services see it. Tasks of other threads gather in a queue of its own and are run by one task of
 * the event loop, after which every connection they wrote to is flushed once. The queue has no bound of its own: it
 * holds at most an answer or two per open call, and those are bounded.
 */
final class NettyLoop implements Loop {

    private static final int CHUNK = 1024;
    private static final int TASKS_PER_TURN = 4096; // then the sockets get their turn

    private final int index;
    private final int count;
    private final EventLoop eventLoop;
    private final Consumer<Throwable> failures;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable drain = this::drain;
    private final Runnable turn = this::turnWheel;
    private final ArrayList<Flushable> dirty = new ArrayList<>();
    private final DeadlineWheel wheel = new DeadlineWheel(System.nanoTime());
    private boolean turning;

    /** What is flushed when a turn ends. */
    interface Flushable {
        void flushNow();
    }

    NettyLoop(int index, int count, EventLoop eventLoop, Consumer<Throwable> failures) {
        this.index = index;
        this.count = count;
        this.eventLoop = eventLoop;
        this.failures = failures;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** Reports what a service threw: a broken invariant, which the owner of the loops decides about. */
    void failed(Throwable thrown) {
        failures.accept(thrown);
    }

    @Override
    public void execute(Runnable task) {
        tasks.offer(task);
        wake();
    }

    private void wake() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) eventLoop.execute(drain);
    }

    /** Has the connection flushed at the end of the present drain, or in one of its own. On the loop. */
    void flushLater(Flushable connection) {
        dirty.add(connection);
        wake();
    }

    private void drain() {
        scheduled.set(false); // before looking: whoever offers from now on schedules anew
        for (int run = 0; run < TASKS_PER_TURN; run++) {
            Runnable task = tasks.poll();
            if (task == null) break;
            run(task);
        }
        for (int at = 0; at < dirty.size(); at++) dirty.get(at).flushNow();
        dirty.clear();
        if (!tasks.isEmpty()) wake();
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) { // others' calls are answered all the same; the owner decides
            failed(thrown);
        }
    }

    @Override
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Future<?> future = eventLoop.schedule(() -> run(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    void addDeadline(DeadlineWheel.Deadline deadline, long atNanos) {
        wheel.add(deadline, nanoTime(), atNanos);
        if (!turning) nextTurn();
    }

    void removeDeadline(DeadlineWheel.Deadline deadline) {
        wheel.remove(deadline);
    }

    private void nextTurn() {
        turning = true;
        var unused = eventLoop.schedule(turn, DeadlineWheel.TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void turnWheel() {
        wheel.advance(nanoTime());
        if (wheel.isEmpty()) turning = false;
        else nextTurn();
    }
}
