package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A checkpoint of the model: a copy of what is durable. It has no image, since the model has no file. */
final class ModelCheckpoint implements Checkpoint {
    private final long index;
    private final long term;
    private final SettleAction action = new SettleAction();
    private State state = State.WAITING;
    private @Nullable ModelContents contents;

    ModelCheckpoint(long index, long term) {
        this.index = index;
        this.term = term;
    }

    void ready(ModelContents durable) {
        synchronized (this) {
            if (state != State.WAITING) return;
            contents = durable;
            state = State.READY;
        }
        action.settle();
    }

    void fail() {
        synchronized (this) {
            if (state != State.WAITING) return;
            state = State.FAILED;
        }
        action.settle();
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public synchronized State state() {
        return state;
    }

    @Override
    public void onSettled(Runnable next) {
        action.add(next);
    }

    @Override
    public long lengthBytes() {
        return 0;
    }

    @Override
    public int copyTo(long offset, ByteBuffer target) {
        return 0;
    }

    @Override
    public List<Bytes> bucketNames() {
        ModelContents pinned = contents();
        return Bucket.byName().stream()
                .filter(pinned::exists)
                .map(Bucket::bucketName)
                .toList();
    }

    @Override
    public void scan(Bytes bucketName, Bytes from, @Nullable Bytes to, BackendView.ScanVisitor visitor) {
        for (Bucket bucket : Bucket.values()) {
            if (bucket.bucketName().equals(bucketName)) contents().scan(bucket, from, to, visitor);
        }
    }

    private synchronized ModelContents contents() {
        Check.that(state == State.READY, "a checkpoint is read that is %s", state);
        return Objects.requireNonNull(contents);
    }

    @Override
    public synchronized void close() {
        state = State.CLOSED;
        contents = null;
    }
}
