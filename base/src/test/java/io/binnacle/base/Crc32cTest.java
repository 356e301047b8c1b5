package io.binnacle.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc32cTest {

    @Test
    void givesTheCheckValueOfTheCastagnoliPolynomial() {
        assertThat(Crc32c.update(0, Bytes.utf8("123456789"))).isEqualTo(0xE3069283);
    }

    @Test
    void goesOnFromAStoredValueAsIfItHadReadTheBytes() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);

            int whole = Crc32c.update(0, bytes, 0, bytes.length);
            int parts = Crc32c.update(Crc32c.update(0, bytes, 0, cut), bytes, cut, bytes.length - cut);

            assertThat(parts).as("seed %d round %d", seed, round).isEqualTo(whole);
        }
    }
}
