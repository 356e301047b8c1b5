package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC-32C over a whole store (formats.md 8.2): for each bucket by name its name, then key and value of each pair in
 * order. Works in bounded steps on a ready checkpoint; for one thread.
 */
public final class StoreHash {

    private final Checkpoint source;
    private final boolean ownIgnored;
    private final List<Bytes> names;
    private final CRC32C sum = new CRC32C();
    private int bucket;
    private boolean bucketBegun;
    private Bytes next = Bytes.EMPTY;

    private StoreHash(Checkpoint source, boolean ownIgnored) {
        this.source = source;
        this.ownIgnored = ownIgnored;
        this.names = source.bucketNames();
    }

    /** The hash of the Maintenance service: leaves out what differs between members that agree. */
    public static StoreHash ofMember(Checkpoint source) {
        return new StoreHash(source, true);
    }

    /** The hash that {@code snapshot status} prints: leaves out nothing. */
    public static StoreHash ofSnapshot(Checkpoint source) {
        return new StoreHash(source, false);
    }

    /**
     * Takes in at most so many pairs.
     *
     * @return whether there is more to do
     */
    public boolean step(int pairsMax) {
        Check.that(pairsMax > 0, "a step of nothing");
        int[] left = {pairsMax};
        while (bucket < names.size() && left[0] > 0) {
            Bytes name = names.get(bucket);
            if (!bucketBegun) take(name);
            bucketBegun = true;
            boolean isMeta = name.equals(Bucket.META.bucketName());
            source.scan(name, next, null, (key, value) -> {
                next = key.append((byte) 0); // the smallest key above this one
                if (!(ownIgnored && isMeta && isOwn(key))) {
                    take(key);
                    take(value);
                }
                return --left[0] > 0;
            });
            if (left[0] > 0) {
                bucket++;
                bucketBegun = false;
                next = Bytes.EMPTY;
            }
        }
        return bucket < names.size();
    }

    /** The hash, once {@link #step} has nothing more to do. */
    public int value() {
        Check.that(bucket == names.size(), "the hash is not complete");
        return (int) sum.getValue();
    }

    private static boolean isOwn(Bytes metaKey) {
        return metaKey.equals(MetaKeys.CONSISTENT_INDEX)
                || metaKey.equals(MetaKeys.TERM)
                || metaKey.equals(MetaKeys.STORAGE_VERSION);
    }

    private void take(Bytes bytes) {
        sum.update(bytes.array(), bytes.offset(), bytes.length());
    }
}
