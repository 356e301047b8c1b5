package io.binnacle.bench.load;

import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a fixed rate, from a thread of its own, until closed. A latency counts from the moment its request was
 * due, so a stall is felt by all that were due in it. At most {@value #OUTSTANDING_MAX} are unanswered.
 */
public final class PacedLoop implements AutoCloseable {

    private static final int OUTSTANDING_MAX = 100_000;
    private static final long SETTLE_SECONDS_MAX = 120;
    private static final long RUN_SECONDS_MAX = 1_800;

    private final Connections connections;
    private final Request request;
    private final long keys;
    private final long intervalNanos;
    private final Semaphore room = new Semaphore(OUTSTANDING_MAX);
    private final Thread thread;
    private Phase phase = new Phase();
    private volatile boolean closed;

    /** Begins at once; keys 0 to {@code keys - 1} in turn. */
    public PacedLoop(int port, Request request, long keys, int perSecond) {
        this.connections = Connections.to(port, 4);
        this.request = request;
        this.keys = keys;
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread = Thread.ofPlatform().name("pace").daemon().start(this::pace);
    }

    private void pace() {
        long startNanos = System.nanoTime();
        for (long number = 0; !closed && number * intervalNanos < TimeUnit.SECONDS.toNanos(RUN_SECONDS_MAX); number++) {
            long dueNanos = startNanos + number * intervalNanos;
            for (long early; (early = dueNanos - System.nanoTime()) > 0 && !closed;) LockSupport.parkNanos(early);
            room.acquireUninterruptibly(); // a stalled server ends calls when it is stopped, so this ends too
            Phase mine = current();
            connections.of(number).call(request.method(), request.message(number % keys), (status, _) -> {
                mine.ended(status, dueNanos);
                room.release();
            });
        }
    }

    private synchronized Phase current() {
        phase.begun();
        return phase;
    }

    private synchronized Phase swap() {
        Phase ended = phase;
        phase = new Phase();
        return ended;
    }

    /**
     * Ends a phase, waits until all its requests are answered (two minutes at most), and answers what became of them.
     * The next phase has begun meanwhile.
     */
    public LoadResult phase() throws InterruptedException {
        return swap().settled();
    }

    /** The requests that began between two calls of {@link #phase}. */
    private static final class Phase {
        private final Tally tally = new Tally();
        private long begun;
        private long ended;

        synchronized void begun() {
            begun++;
        }

        void ended(Status status, long dueNanos) {
            tally.ended(status, dueNanos);
            synchronized (this) {
                ended++;
                notifyAll();
            }
        }

        /** Only when nothing begins any more. */
        synchronized LoadResult settled() throws InterruptedException {
            long giveUpNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS_MAX);
            for (long left; ended < begun && (left = giveUpNanos - System.nanoTime()) > 0;) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return tally.result(begun - ended);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.close();
    }
}
