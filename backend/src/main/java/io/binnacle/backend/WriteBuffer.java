package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writes of some whole entries, not yet in the file. New revisions go to the run, everything else to the overlay of
 * its bucket, which wins over the run. The apply thread writes until the buffer is sealed; then it never changes.
 */
final class WriteBuffer {

    /** What a buffered write costs beside its key and value: slots, two object headers, its share of nodes. */
    static final int WRITE_COST_BYTES = 64;

    private static final int BUCKETS = Bucket.COUNT;

    private final RevisionRun run = new RevisionRun();
    private final @Nullable OverlayMap[] overlays = new @Nullable OverlayMap[BUCKETS];
    private final List<BoltCheckpoint> checkpoints = new ArrayList<>();
    private @Nullable Layer captured;
    private long bytes;
    private int writes;
    private long lastIndex;
    private long lastTerm;
    private long dirtySinceNanos;

    /** A buffer after the given entry. */
    WriteBuffer(long lastIndex, long lastTerm) {
        this.lastIndex = lastIndex;
        this.lastTerm = lastTerm;
    }

    /** Sets a key, or removes it with {@link OverlayMap#TOMBSTONE}. The bytes it costs. */
    long write(Bucket bucket, Bytes key, Bytes value) {
        Check.that(!key.isEmpty(), "an empty key cannot be stored");
        OverlayMap overlay = overlays[bucket.slot()];
        boolean toRun = bucket == Bucket.KEY && !OverlayMap.isTombstone(value) && run.accepts(key)
                && (overlay == null || overlay.get(key) == null);
        if (toRun) {
            run.append(key, value);
        } else {
            if (overlay == null) {
                overlay = new OverlayMap();
                overlays[bucket.slot()] = overlay;
            }
            overlay.put(key, value);
        }
        captured = null;
        writes++;
        long cost = key.length() + value.length() + (long) WRITE_COST_BYTES;
        bytes += cost;
        return cost;
    }

    /** An entry ended with what was written so far. */
    void entryEnded(long index, long term) {
        lastIndex = index;
        lastTerm = term;
    }

    /** Everything so far as a layer of a view; the same object while nothing was written. */
    Layer capture() {
        Layer layer = captured;
        if (layer == null) {
            OverlayMap.@Nullable Node[] roots = new OverlayMap.@Nullable Node[BUCKETS];
            for (int at = 0; at < BUCKETS; at++) {
                OverlayMap overlay = overlays[at];
                if (overlay != null) roots[at] = overlay.capture();
            }
            layer = new Layer(run.capture(), roots);
            captured = layer;
        }
        return layer;
    }

    boolean isEmpty() {
        return writes == 0;
    }

    int writes() {
        return writes;
    }

    long bytes() {
        return bytes;
    }

    long lastIndex() {
        return lastIndex;
    }

    long lastTerm() {
        return lastTerm;
    }

    long dirtySinceNanos() {
        return dirtySinceNanos;
    }

    void dirtySinceNanos(long now) {
        dirtySinceNanos = now;
    }

    /** To be settled when this buffer is in the file, before any later one is. */
    List<BoltCheckpoint> checkpoints() {
        return checkpoints;
    }

    /** A captured buffer. Immutable. */
    static final class Layer {
        private final RevisionRun.Captured run;
        private final OverlayMap.@Nullable Node[] roots;

        private Layer(RevisionRun.Captured run, OverlayMap.@Nullable Node[] roots) {
            this.run = run;
            this.roots = roots;
        }

        /** A value, {@link OverlayMap#TOMBSTONE}, or null if this layer knows nothing of the key. */
        @Nullable Bytes find(Bucket bucket, Bytes key) {
            Bytes overlaid = OverlayMap.find(roots[bucket.slot()], key);
            return overlaid != null || bucket != Bucket.KEY ? overlaid : run.find(key);
        }

        /** The same for a revision of bucket {@link Bucket#KEY} that is no tombstone. */
        @Nullable Bytes findRevision(long main, long sub) {
            OverlayMap.Node root = roots[Bucket.KEY.slot()];
            Bytes overlaid = root == null ? null : OverlayMap.find(root, RevisionKey.put(main, sub));
            return overlaid != null ? overlaid : run.findPut(main, sub);
        }

        /** Adds the sources of a bucket, the one that wins first. */
        void sources(Bucket bucket, Bytes from, List<PairSource> into) {
            OverlayMap.Node root = roots[bucket.slot()];
            if (root != null) into.add(new PairSource.OfOverlay(root, from));
            if (bucket == Bucket.KEY && run.count() > 0) into.add(new PairSource.OfRun(run, from));
        }

        /** The writes of the run, all of which come before those of the overlays. */
        RevisionRun.Captured run() {
            return run;
        }

        /** The overlay of a bucket, null if it has none. */
        OverlayMap.@Nullable Node overlay(Bucket bucket) {
            return roots[bucket.slot()];
        }
    }
}
