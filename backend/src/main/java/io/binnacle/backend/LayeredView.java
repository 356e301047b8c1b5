package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.bolt.BoltBucket;
import io.binnacle.bolt.BoltCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view of the real backend: captured buffers, newest first, over a pinned state of the file. */
final class LayeredView implements BackendView {
    private final WriteBuffer.Layer[] layers;
    private final FilePin pin;

    /** Takes over one hold of the pin, and the array. */
    LayeredView(WriteBuffer.Layer[] layers, FilePin pin) {
        this.layers = layers;
        this.pin = pin;
    }

    @Override
    public boolean acquire() {
        return pin.acquire();
    }

    @Override
    public void release() {
        pin.release();
    }

    @Override
    public @Nullable Bytes get(Bucket bucket, Bytes key) {
        checkHeld();
        for (WriteBuffer.Layer layer : layers) {
            Bytes found = layer.find(bucket, key);
            if (found != null) return OverlayMap.isTombstone(found) ? null : found;
        }
        BoltBucket file = pin.bucket(bucket);
        return file == null ? null : file.get(key);
    }

    @Override
    public void scan(Bucket bucket, Bytes from, @Nullable Bytes to, ScanVisitor visitor) {
        checkHeld();
        List<PairSource> sources = new ArrayList<>();
        for (WriteBuffer.Layer layer : layers) layer.sources(bucket, from, sources);
        BoltBucket file = pin.bucket(bucket);
        if (file != null) sources.add(new PairSource.OfFile(file.cursor(), from));
        new MergedScan(sources).run(to, visitor);
    }

    @Override
    public RevisionReader revisions() {
        checkHeld();
        BoltBucket file = pin.bucket(Bucket.KEY);
        return new Revisions(file == null ? null : file.cursor());
    }

    private void checkHeld() {
        Check.that(pin.isHeld(), "a view is read that nobody holds");
    }

    /** Looks in the buffers, then at the cursor's place and the next, and searches only then. */
    private final class Revisions implements RevisionReader {
        private final @Nullable BoltCursor cursor;
        private boolean placed;

        Revisions(@Nullable BoltCursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public @Nullable Bytes value(long main, long sub) {
            for (WriteBuffer.Layer layer : layers) {
                Bytes found = layer.findRevision(main, sub);
                if (found != null) return OverlayMap.isTombstone(found) ? null : found;
            }
            if (cursor == null) return null;
            Bytes key = RevisionKey.put(main, sub);
            if (placed && cursor.compareKey(key) < 0) {
                placed = cursor.next();
                if (placed && cursor.compareKey(key) == 0) return cursor.value();
            }
            placed = cursor.seek(key);
            return placed && cursor.compareKey(key) == 0 ? cursor.value() : null;
        }
    }
}
