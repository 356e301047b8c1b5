package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Readers on other threads while the writer commits. */
final class ReadersTest {

    private static final Bytes BUCKET = Bytes.utf8("b");
    private static final int KEYS = 120;

    @Test
    void readersSeeWholeTransactionsOnlyWhileTheWriterReusesPages() throws Exception {
        BoltFile file = BoltFile.open(new MemoryDisk(), Path.of("/readers/db"), BoltOptions.defaults().withPageSize(1024));
        write(file, 0);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int each = 0; each < 2; each++) running.add(readers.submit(() -> read(file, done)));
            int rounds = Seeds.count(400);
            for (int round = 1; round <= rounds; round++) write(file, round);
            done.set(true);
            for (Future<Integer> reader : running) assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(file.checkFreelist()).isEmpty();
        write(file, 0); // nobody reads any more: this one may reuse all that earlier ones left
        assertThat(file.sizeInUseBytes()).isLessThan(100 * 1024);
        file.close();
    }

    private static void write(BoltFile file, int round) {
        BoltWriter writer = file.begin();
        writer.createBucket(BUCKET);
        byte[] value = new byte[40 + round % 100];
        value[0] = (byte) round;
        for (int key = 0; key < KEYS; key++) writer.put(BUCKET, Bytes.utf8("key" + key), Bytes.of(value));
        writer.commit();
    }

    private static int read(BoltFile file, AtomicBoolean done) {
        int snapshots = 0;
        do {
            try (BoltSnapshot snapshot = file.snapshot()) {
                BoltCursor cursor = Objects.requireNonNull(snapshot.bucket(BUCKET)).cursor();
                int keys = 0;
                Bytes expected = null;
                for (boolean more = cursor.first(); more; more = cursor.next()) {
                    Bytes value = cursor.value();
                    if (expected == null) expected = value;
                    assertThat(value).isEqualTo(expected);
                    keys++;
                }
                assertThat(keys).isEqualTo(KEYS);
                snapshots++;
            }
        } while (!done.get());
        return snapshots;
    }
}
