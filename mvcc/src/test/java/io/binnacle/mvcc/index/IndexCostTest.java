package io.binnacle.mvcc.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the index costs in memory; the figures are printed, the bounds are loose. {@code -Dtest.keys=} for more keys. */
class IndexCostTest {

    private static final int KEYS = Integer.getInteger("test.keys", 200_000);
    private static final int REVISIONS = Integer.getInteger("test.revisions", 200_000);

    @Test
    void aKeyOfTwentyBytesTakesAtMostAHundredAndTwentyBytesInAll() {
        long before = used();
        KeyIndex index = filled(KEYS);
        long perKey = (used() - before) / KEYS;
        System.out.println("index: " + KEYS + " keys, bytes a key " + perKey);
        assertThat(index.keys()).isEqualTo(KEYS);
        assertThat(perKey).isLessThanOrEqualTo(120);
    }

    @Test
    void aPutCostsTheSameHoweverManyRevisionsItsKeyHas() {
        KeyIndex index = new KeyIndex();
        KeyRevision cell = new KeyRevision();
        Bytes key = Bytes.utf8("registry/the-hot-key");
        long early = 0;
        long start = allocated();
        for (int revision = 0; revision < REVISIONS; revision++) {
            index.add(key, cell.put(revision + 2, 0, 2, revision + 1, 300, false));
            index.view();
            if (revision == REVISIONS / 10) early = (allocated() - start) / (revision + 1);
        }
        long all = (allocated() - start) / REVISIONS;
        System.out.println("index: one key, bytes allocated a put over the first tenth " + early + ", over all " + all);
        assertThat(all).isLessThanOrEqualTo(early + 64);
        assertThat(index.view().find(key, REVISIONS / 2, cell)).isTrue();
        assertThat(cell.main()).isEqualTo(REVISIONS / 2);
    }

    @Test
    void overwritesOfManyKeysCopyLittleEachInABatchOfTheirOwn() {
        KeyIndex index = filled(KEYS);
        index.view();
        Random random = new Random(1);
        KeyRevision cell = new KeyRevision();
        int puts = 50_000;
        long start = allocated();
        long nanos = cpuNanos();
        for (int put = 0; put < puts; put++) {
            index.add(key(random.nextInt(KEYS)), cell.put(KEYS + put + 2, 0, 2, 2, 300, false));
            index.view();
        }
        nanos = (cpuNanos() - nanos) / puts;
        long perPut = (allocated() - start) / puts;
        System.out.println("index: overwrite, a batch each: bytes allocated a put " + perPut + ", ns " + nanos);
        assertThat(perPut).isLessThan(8000);

        nanos = cpuNanos();
        IndexView view = index.view();
        int found = 0;
        for (int get = 0; get < puts; get++) if (view.findLive(key(random.nextInt(KEYS)), Long.MAX_VALUE, cell)) found++;
        System.out.println("index: look-up ns " + (cpuNanos() - nanos) / puts);
        assertThat(found).isEqualTo(puts);
    }

    private static KeyIndex filled(int keys) {
        KeyIndex index = new KeyIndex();
        KeyRevision cell = new KeyRevision();
        long nanos = cpuNanos();
        for (int at = 0; at < keys; at++) index.add(key(at), cell.put(at + 2, 0, at + 2, 1, 300, false));
        System.out.println("index: filled, ns a key " + (cpuNanos() - nanos) / keys);
        return index;
    }

    /** Twenty bytes, in no order. */
    private static Bytes key(int at) {
        byte[] key = "/registry/0000000000".getBytes(StandardCharsets.US_ASCII);
        long number = (at * 2654435761L) & 0x1ffffffffL;
        for (int digit = key.length - 1; number != 0; digit--, number /= 10) key[digit] = (byte) ('0' + number % 10);
        return Bytes.of(key);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** Of this thread alone: other work on the machine does not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long used() {
        for (int round = 0; round < 3; round++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
