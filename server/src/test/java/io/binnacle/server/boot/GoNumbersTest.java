package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.binnacle.server.boot.FlagValue.Invalid;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Numbers and durations have Go's notations, in both directions. */
class GoNumbersTest {

    @Test
    void integersAreReadInEveryNotationOfGo() throws Invalid {
        assertThat(GoNumbers.signed("42")).isEqualTo(42);
        assertThat(GoNumbers.signed("-42")).isEqualTo(-42);
        assertThat(GoNumbers.signed("0x10")).isEqualTo(16);
        assertThat(GoNumbers.signed("010")).isEqualTo(8);
        assertThat(GoNumbers.signed("0o17")).isEqualTo(15);
        assertThat(GoNumbers.signed("0b101")).isEqualTo(5);
        assertThat(GoNumbers.signed("1_000")).isEqualTo(1000);
        assertThat(GoNumbers.signed("0x_1F")).isEqualTo(31);
        assertThat(GoNumbers.signed("0_7")).isEqualTo(7);
        assertThat(GoNumbers.signed("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(GoNumbers.unsigned("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsNoIntegerInGoIsNoneHere() {
        for (String word : new String[] {"", "-", "1.5", "abc", "1_", "_1", "1__0", "08", "0x", "0b2", "0x_", "1e3", " 1"}) {
            assertThatThrownBy(() -> GoNumbers.signed(word)).as(word).isInstanceOf(Invalid.class).hasMessage("parse error");
        }
        assertThatThrownBy(() -> GoNumbers.signed("9223372036854775808")).hasMessage("value out of range");
        assertThatThrownBy(() -> GoNumbers.unsigned("18446744073709551616")).hasMessage("value out of range");
        assertThatThrownBy(() -> GoNumbers.unsigned("-1")).hasMessage("parse error");
    }

    @Test
    void durationsAreReadLikeGos() throws Invalid {
        assertThat(GoNumbers.durationNanos("1h30m")).isEqualTo(TimeUnit.MINUTES.toNanos(90));
        assertThat(GoNumbers.durationNanos("1.5h")).isEqualTo(TimeUnit.MINUTES.toNanos(90));
        assertThat(GoNumbers.durationNanos("300ms")).isEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(GoNumbers.durationNanos("-3s")).isEqualTo(-TimeUnit.SECONDS.toNanos(3));
        assertThat(GoNumbers.durationNanos(".5s")).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(GoNumbers.durationNanos("1.s")).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(GoNumbers.durationNanos("1us1µs1μs1ns")).isEqualTo(3001);
        assertThat(GoNumbers.durationNanos("0")).isZero();
        for (String word : new String[] {"", "5", "1d", "s", ".s", "1h ", "-", "3000000h"}) {
            assertThatThrownBy(() -> GoNumbers.durationNanos(word)).as(word).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void durationsArePrintedLikeGosAndReadBack() throws Invalid {
        Map<Long, String> printed = new TreeMap<>(Map.of(
                0L, "0s", 1L, "1ns", 1_500L, "1.5µs", 100_000_000L, "100ms", 1_000_000_000L, "1s",
                5_400_000_000_000L, "1h30m0s", 7_200_000_000_000L, "2h0m0s", 60_000_000_000L, "1m0s",
                -3_000_000_000L, "-3s", 1_000_000_001L, "1.000000001s"));
        for (Map.Entry<Long, String> each : printed.entrySet()) {
            assertThat(GoNumbers.duration(each.getKey())).isEqualTo(each.getValue());
        }
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int each = 0; each < 2000; each++) {
            long nanos = random.nextLong() >> random.nextInt(63);
            if (nanos == Long.MIN_VALUE) continue;
            assertThat(GoNumbers.durationNanos(GoNumbers.duration(nanos))).as("-Dtest.seed=%d", seed).isEqualTo(nanos);
        }
    }
}
