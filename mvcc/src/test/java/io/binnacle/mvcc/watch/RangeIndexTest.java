package io.binnacle.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeIndexTest {

    private static final long SEED = Long.getLong("test.seed", 4711);

    @Test
    void findsExactlyTheRangesThatContainAKeyWhateverWasPutAndRemoved() {
        System.out.println("range index: seed " + SEED);
        Random random = new Random(SEED);
        RangeIndex<Integer> index = new RangeIndex<>();
        Map<KeyRange, Integer> naive = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            KeyRange range = range(random);
            if (random.nextInt(5) < 3 || step < 200) {
                index.put(range, step);
                naive.put(range, step);
            } else {
                index.remove(range);
                naive.remove(range);
            }
            assertThat(index.size()).isEqualTo(naive.size());
            if (step % 10 != 0) continue;

            Bytes key = key(random);
            List<Integer> found = new ArrayList<>();
            index.visit(key, found::add);
            List<Integer> expected = new ArrayList<>();
            naive.forEach((of, value) -> {
                if (of.contains(key)) expected.add(value);
            });
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(index.get(range)).isEqualTo(naive.get(range));
        }
    }

    private static KeyRange range(Random random) {
        Bytes from = key(random);
        return switch (random.nextInt(4)) {
            case 0 -> KeyRange.point(from);
            case 1 -> new KeyRange(from, null);
            default -> {
                Bytes to = key(random);
                yield from.compareTo(to) < 0 ? new KeyRange(from, to) : KeyRange.point(from);
            }
        };
    }

    private static Bytes key(Random random) {
        byte[] key = new byte[random.nextInt(3)];
        for (int at = 0; at < key.length; at++) key[at] = (byte) (random.nextInt(7) - 1);
        return Bytes.of(key);
    }
}
