package io.binnacle.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the tests of whole stores share. */
final class Stores {

    private Stores() {}

    /** The seed of a random test: given with {@code -Dtest.seed=}, or drawn; always printed. */
    static long seed(String test) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println(test + ": reproduce with -Dtest.seed=" + seed);
        return seed;
    }

    /** Everything in a view but the two counters that the backend keeps for itself. */
    static List<Map.Entry<Bytes, Bytes>> contents(BackendView view, Bucket bucket, Bytes from, @Nullable Bytes to) {
        List<Map.Entry<Bytes, Bytes>> pairs = new ArrayList<>();
        view.scan(bucket, from, to, (key, value) -> {
            boolean own = bucket == Bucket.META
                    && (key.equals(MetaKeys.CONSISTENT_INDEX) || key.equals(MetaKeys.TERM));
            if (!own) pairs.add(Map.entry(key, value));
            return true;
        });
        return pairs;
    }

    static void assertSame(BackendView actual, BackendView expected) {
        for (Bucket bucket : Bucket.values()) {
            assertThat(contents(actual, bucket, Bytes.EMPTY, null))
                    .as("bucket %s", bucket)
                    .isEqualTo(contents(expected, bucket, Bytes.EMPTY, null));
        }
    }

    /** Compares points and ranges chosen at random. */
    static void assertSameSamples(Random random, BackendView actual, BackendView expected, long mainMax) {
        for (int sample = 0; sample < 20; sample++) {
            long main = 1 + random.nextLong(mainMax + 2);
            int sub = random.nextInt(6);
            Bytes key = RevisionKey.put(main, sub);
            assertThat(actual.get(Bucket.KEY, key)).isEqualTo(expected.get(Bucket.KEY, key));
            assertThat(actual.revisions().value(main, sub)).isEqualTo(expected.revisions().value(main, sub));
            Bytes to = random.nextBoolean() ? null : RevisionKey.tombstone(main + random.nextInt(20), random.nextInt(3));
            assertThat(contents(actual, Bucket.KEY, key, to)).isEqualTo(contents(expected, Bucket.KEY, key, to));
            Bucket bucket = Bucket.byName().get(random.nextInt(Bucket.COUNT));
            Bytes from = Bytes.utf8("k" + random.nextInt(300));
            if (bucket != Bucket.META) assertThat(actual.get(bucket, from)).isEqualTo(expected.get(bucket, from));
            assertThat(contents(actual, bucket, from, Bytes.utf8("k9")))
                    .isEqualTo(contents(expected, bucket, from, Bytes.utf8("k9")));
        }
    }

    /** A readable copy of what a checkpoint holds. */
    static List<Map.Entry<Bytes, Bytes>> contents(Checkpoint checkpoint, Bucket bucket) {
        List<Map.Entry<Bytes, Bytes>> pairs = new ArrayList<>();
        checkpoint.scan(bucket.bucketName(), Bytes.EMPTY, null, (key, value) -> pairs.add(Map.entry(key, value)));
        return pairs;
    }

    static Path database(Path directory) {
        return directory.resolve("db");
    }
}
