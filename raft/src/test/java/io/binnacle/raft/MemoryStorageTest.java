package io.binnacle.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The log in memory beside a plain map of all entries. */
final class MemoryStorageTest {

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    @Test
    void boundedLogAnswersAsIfEverythingWereInMemory() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 100; round++) {
            TreeMap<Long, Entry> all = new TreeMap<>();
            List<long[]> asked = new ArrayList<>();
            MemoryStorage log = new MemoryStorage(5, 200, (low, high, max) -> asked.add(new long[] {low, high}));
            long base = 0;
            long term = 1;
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> {
                        if (random.nextInt(4) == 0) term++;
                        long last = log.lastIndex();
                        long first = random.nextInt(3) == 0 ? Math.max(base + 1, last - random.nextInt(8)) : last + 1;
                        EntrySlice added = entries(first, term, 1 + random.nextInt(4));
                        all.tailMap(first, true).clear();
                        added.forEach(entry -> all.put(entry.index(), entry));
                        log.append(added);
                    }
                    case 3 -> {
                        if (log.lastIndex() > base + 1 && random.nextInt(4) == 0) {
                            base += 1 + random.nextInt((int) (log.lastIndex() - base));
                            assertThat(log.compact(base)).isTrue();
                            all.headMap(base, true).clear();
                        }
                    }
                    case 4 -> {
                        for (long[] range : asked) {
                            List<Entry> read = List.copyOf(all.subMap(range[0], Math.max(range[0], range[1])).values());
                            boolean whole = !read.isEmpty() && read.get(0).index() == range[0];
                            if (whole) {
                                log.supply(range[0], EntrySlice.copyOf(read));
                            } else {
                                log.fetchFailed(range[0]);
                            }
                        }
                        asked.clear();
                    }
                    default -> check(log, all, base, random);
                }
                assertThat(log.entriesInMemory()).isLessThanOrEqualTo(5);
                assertThat(log.firstIndex()).isEqualTo(base + 1);
            }
        }
    }

    private static void check(MemoryStorage log, SortedMap<Long, Entry> all, long base, SplittableRandom random) {
        String seed = "reproduce: -Dtest.seed=" + SEED;
        for (Entry entry : all.values()) assertThat(log.term(entry.index())).as(seed).isEqualTo(entry.term());
        assertThat(log.lastIndex()).as(seed).isEqualTo(all.isEmpty() ? base : all.lastKey());
        if (all.isEmpty()) return;
        long low = base + 1 + random.nextInt(all.size());
        LogRead read = log.entries(low, log.lastIndex() + 1, random.nextInt(100));
        if (read instanceof EntrySlice found) {
            assertThat(found).as(seed).isNotEmpty();
            long at = low;
            for (Entry entry : found) assertThat(entry).as(seed).isEqualTo(all.get(at++));
        } else {
            assertThat(read).as(seed).isEqualTo(LogRead.Missing.PENDING);
        }
        assertThat(log.entries(base, base + 1, 1)).isEqualTo(LogRead.Missing.COMPACTED);
    }

    private static EntrySlice entries(long first, long term, int count) {
        Entry[] made = new Entry[count];
        for (int at = 0; at < count; at++) {
            made[at] = new Entry(EntryType.NORMAL, false, term, first + at, Bytes.utf8("d" + term + "/" + (first + at)));
        }
        return EntrySlice.of(made);
    }
}
