package io.binnacle.bench.load;

import java.util.function.DoubleUnaryOperator;
import org.HdrHistogram.AbstractHistogram;

/**
 * What became of a load.
 *
 * @param answered requests answered well
 * @param failed requests answered otherwise, or not at all
 * @param nanos from the first request to the last answer
 * @param latencies the milliseconds that so many percent of the good answers do not exceed; 100 asks for the worst
 * @param firstFailure what the first failed one said; empty if there is none
 */
public record LoadResult(long answered, long failed, long nanos, DoubleUnaryOperator latencies, String firstFailure) {

    /** Of a histogram in nanoseconds, which must not change any more. */
    static DoubleUnaryOperator latencies(AbstractHistogram histogram) {
        return percent -> histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percent) / 1e6;
    }

    /** Requests answered well per second. */
    public double perSecond() {
        return answered * 1e9 / nanos;
    }

    /** The latency in milliseconds that so many percent do not exceed; NaN if nothing was answered. */
    public double millis(double percent) {
        return latencies.applyAsDouble(percent);
    }

    /** The longest latency in milliseconds. */
    public double worstMillis() {
        return millis(100);
    }
}
