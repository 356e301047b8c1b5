package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Metrics are written as Go's client library writes them. */
class SeriesTest {

    @Test
    void numbersHaveGosShortestForm() {
        Map<Double, String> forms = new LinkedHashMap<>();
        forms.put(0.0, "0");
        forms.put(1.0, "1");
        forms.put(-1.0, "-1");
        forms.put(42.5, "42.5");
        forms.put(0.001, "0.001");
        forms.put(0.0001, "0.0001");
        forms.put(1e-05, "1e-05");
        forms.put(1.5e-07, "1.5e-07");
        forms.put(999_999.0, "999999");
        forms.put(1_000_000.0, "1e+06");
        forms.put(1_048_576.0, "1.048576e+06");
        forms.put(2_147_483_648.0, "2.147483648e+09");
        forms.put(-2_147_483_648.0, "-2.147483648e+09");
        forms.put(1_234_567.25, "1.23456725e+06");
        forms.put(1.7637437012e9, "1.7637437012e+09");
        forms.put(1e21, "1e+21");
        forms.put(1.2345e22, "1.2345e+22");
        forms.put(1e100, "1e+100");
        forms.put(1.8446744073709552e19, "1.8446744073709552e+19");
        forms.put(Double.POSITIVE_INFINITY, "+Inf");
        forms.put(Double.NEGATIVE_INFINITY, "-Inf");
        forms.put(Double.NaN, "NaN");
        forms.forEach((value, form) -> assertThat(Series.number(value)).isEqualTo(form));
    }

    @Test
    void everyNumberReadsBackAsItself() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int each = 0; each < 20_000; each++) {
            double value = switch (random.nextInt(3)) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextLong() >> random.nextInt(63);
                default -> random.nextDouble() * Math.pow(10, random.nextInt(20) - 6);
            };
            if (Double.isNaN(value) || Double.isInfinite(value)) continue;
            String text = Series.number(value);
            assertThat(Double.parseDouble(text)).as("-Dtest.seed=%d: %s", seed, text).isEqualTo(value);
            if (text.contains("e")) assertThat(text).matches("-?\\d(\\.\\d*[1-9])?e[+-]\\d\\d+");
        }
    }

    @Test
    void aHistogramCountsEachObservationInItsBucketAndAllAbove() {
        Series series = new Series();
        Series.Histogram histogram = series.histogram("h_seconds", "Help.", 0.001, 1);
        histogram.observeNanos(500_000);
        histogram.observeNanos(1_000_000); // a bound belongs to its bucket
        histogram.observeNanos(2_000_000_000);

        assertThat(series.text()).isEqualTo("""
                # HELP h_seconds Help.
                # TYPE h_seconds histogram
                h_seconds_bucket{le="0.001"} 2
                h_seconds_bucket{le="1"} 2
                h_seconds_bucket{le="+Inf"} 3
                h_seconds_sum 2.0015
                h_seconds_count 3
                """);
    }
}
