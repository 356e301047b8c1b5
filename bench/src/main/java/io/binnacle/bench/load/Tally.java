package io.binnacle.bench.load;

import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** Counts answers. Any thread. */
final class Tally {

    private static final long LATENCY_NANOS_MAX = 600_000_000_000L;

    private final ConcurrentHistogram latencies = new ConcurrentHistogram(1_000, LATENCY_NANOS_MAX, 3);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private String firstFailure = "";
    private final long startNanos = System.nanoTime();

    void ended(Status status, long sinceNanos) {
        if (status.isOk()) {
            latencies.recordValue(Math.clamp(System.nanoTime() - sinceNanos, 0, LATENCY_NANOS_MAX));
            answered.incrementAndGet();
        } else {
            failed.incrementAndGet();
            note(status.getCode() + ": " + status.getDescription());
        }
    }

    /** The outcome up to now; {@code unanswered} count as failed. */
    LoadResult result(long unanswered) {
        if (unanswered > 0) note(unanswered + " without an answer");
        return new LoadResult(answered.get(), failed.get() + unanswered, System.nanoTime() - startNanos,
                LoadResult.latencies(latencies.copy()), firstFailure());
    }

    private synchronized void note(String failure) {
        if (firstFailure.isEmpty()) firstFailure = failure;
    }

    private synchronized String firstFailure() {
        return firstFailure;
    }
}
