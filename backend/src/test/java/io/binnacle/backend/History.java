package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.List;
import java.util.Random;

/**
 * A random history of entries, given to any number of backends alike: growing revisions, deletions of old ones, and
 * changes all over the small buckets.
 */
final class History {
    private static final List<Bucket> SMALL =
            Bucket.byName().stream().filter(bucket -> bucket != Bucket.KEY).toList();

    private final Random random;
    private long main = 1;
    private long index;

    History(long seed) {
        random = new Random(seed);
    }

    long index() {
        return index;
    }

    /** Goes on from an index, as after a restart. */
    void resumeAt(long consistentIndex, long lastMain) {
        index = consistentIndex;
        main = lastMain;
    }

    /** One entry: up to a dozen writes. */
    void entry(Backend... backends) {
        long seed = random.nextLong();
        for (Backend backend : backends) writes(new Random(seed), backend);
        main++;
        index++;
        for (Backend backend : backends) backend.entryApplied(index, 1 + index / 50);
    }

    private void writes(Random choice, Backend backend) {
        int puts = choice.nextInt(6);
        for (int sub = 0; sub < puts; sub++) {
            boolean tombstone = choice.nextInt(8) == 0;
            Bytes key = tombstone ? RevisionKey.tombstone(main + 1, sub) : RevisionKey.put(main + 1, sub);
            backend.put(Bucket.KEY, key, value(choice));
        }
        for (int deletes = choice.nextInt(4); deletes > 0; deletes--) {
            long old = 2 + choice.nextLong(main + 1);
            int sub = choice.nextInt(5);
            backend.delete(Bucket.KEY, choice.nextInt(8) == 0 ? RevisionKey.tombstone(old, sub) : RevisionKey.put(old, sub));
        }
        if (choice.nextInt(50) == 0) backend.put(Bucket.KEY, RevisionKey.put(2 + choice.nextLong(main), 1), value(choice));
        for (int changes = choice.nextInt(4); changes > 0; changes--) {
            Bucket bucket = SMALL.get(choice.nextInt(SMALL.size()));
            Bytes key = Bytes.utf8("k" + choice.nextInt(200));
            if (choice.nextInt(3) == 0) backend.delete(bucket, key);
            else backend.put(bucket, key, value(choice));
        }
    }

    private static Bytes value(Random choice) {
        byte[] bytes = new byte[choice.nextInt(20) == 0 ? choice.nextInt(9000) : choice.nextInt(200)];
        choice.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
