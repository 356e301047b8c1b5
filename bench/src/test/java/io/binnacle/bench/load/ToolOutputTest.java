package io.binnacle.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What the two foreign load generators print, as recorded from nghttp2 1.52 and etcd's benchmark of 3.7. */
class ToolOutputTest {

    private static final String H2LOAD = """
            finished in 402.15ms, 24866.34 req/s, 3.01MB/s
            requests: 10000 total, 10000 started, 10000 done, 9998 succeeded, 2 failed, 0 errored, 0 timeout
            status codes: 9998 2xx, 0 3xx, 0 4xx, 2 5xx
            """;

    private static final String BENCHMARK = """
            Summary:
              Total:\t0.2163 secs.
              Slowest:\t0.0143 secs.
              Fastest:\t0.0008 secs.
              Requests/sec:\t4622.3697

            Response time histogram:
              0.0008 [1]\t|
              0.0021 [137]\t|∎∎∎∎∎∎∎∎∎∎∎
              0.0035 [860]\t|∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎∎

            Latency distribution:
              50% in 0.0031 secs.
              99% in 0.0140 secs.
              99.9% in 0.0143 secs.

            Error distribution:
              [2]\tetcdserver: too many requests
            """;

    @Test
    void h2loadsFailuresAreCountedAndItsTimeIsReadInAnyUnit() throws IOException {
        LoadResult result = H2Load.result(H2LOAD, new Histogram(3), 10_000);

        assertThat(result.answered()).isEqualTo(9_998);
        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.nanos()).isEqualTo(402_150_000);
        assertThat(result.millis(50)).isNaN();
    }

    @Test
    void benchmarksAnswersAreTheSumOfItsBars() throws IOException {
        LoadResult result = EtcdBenchmark.result(BENCHMARK, 1_000);

        assertThat(result.answered()).isEqualTo(998);
        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.millis(50)).isEqualTo(3.1);
        assertThat(result.millis(99)).isEqualTo(14);
        assertThat(result.worstMillis()).isEqualTo(14.3);
        assertThat(result.firstFailure()).contains("too many requests");
    }

    @Test
    void outputThatIsNotUnderstoodIsNoResult() {
        assertThatThrownBy(() -> EtcdBenchmark.result("panic: no endpoint", 1)).isInstanceOf(IOException.class)
                .hasMessageContaining("panic: no endpoint");
    }
}
