package io.binnacle.bench.load;

import io.binnacle.bench.process.ServerProcess;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A fixed number of requests in flight: each answer sends the next. Keys are drawn from a seed, uniformly, or count up.
 * One server only: connections are made with the first run.
 */
public final class ClosedLoop implements Load {

    private static final long SECONDS_MAX = 600;
    private static final long WEYL = 0x9E3779B97F4A7C15L;

    private final Connections connections;
    private final int streams;
    private final Request request;
    /** Keys drawn from; 0: count up from zero. */
    private final long keySpace;
    private final AtomicLong draws = new AtomicLong();

    private ClosedLoop(Connections connections, int streams, Request request, long keySpace) {
        this.connections = connections;
        this.streams = streams;
        this.request = request;
        this.keySpace = keySpace;
    }

    /** Keys drawn uniformly from 0 to {@code keySpace - 1}, the same in every run. */
    public static ClosedLoop random(int port, int connections, int streams, Request request, long keySpace) {
        return new ClosedLoop(Connections.to(port, connections), streams, request, keySpace);
    }

    /** Keys 0, 1, 2 and so on. */
    public static ClosedLoop ascending(int port, int connections, int streams, Request request) {
        return new ClosedLoop(Connections.to(port, connections), streams, request, 0);
    }

    @Override
    public Method method() {
        return request.method();
    }

    @Override
    public LoadResult run(ServerProcess server, long requests) throws InterruptedException {
        Run run = new Run(requests);
        long lanes = Math.min(requests, (long) connections.count() * streams);
        for (long lane = 0; lane < lanes; lane++) run.next(connections.of(lane));
        boolean all = run.pending.await(SECONDS_MAX, TimeUnit.SECONDS);
        run.unsent.set(0); // lanes still running end with their next answer
        return run.tally.result(all ? 0 : requests - run.ended.get());
    }

    private final class Run {
        private final AtomicLong unsent;
        private final AtomicLong ended = new AtomicLong();
        private final CountDownLatch pending = new CountDownLatch(1);
        private final Tally tally = new Tally();
        private final long requests;

        Run(long requests) {
            this.requests = requests;
            unsent = new AtomicLong(requests);
        }

        void next(Connection connection) {
            if (unsent.getAndDecrement() <= 0) return;
            long sinceNanos = System.nanoTime();
            connection.call(request.method(), request.message(draw()), (status, _) -> {
                tally.ended(status, sinceNanos);
                if (ended.incrementAndGet() == requests) pending.countDown();
                next(connection);
            });
        }
    }

    private long draw() {
        long draw = draws.getAndIncrement();
        return keySpace == 0 ? draw : Long.remainderUnsigned(mix(draw), keySpace);
    }

    /** SplitMix64's output function: random keys that need no lock. */
    private static long mix(long number) {
        long z = (number + 1) * WEYL;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    @Override
    public void close() {
        connections.close();
    }
}
