package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.bolt.BoltBucket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A checkpoint of the real backend: waits in the buffer it ends, then holds the pin of that buffer's commit. */
final class BoltCheckpoint implements Checkpoint {
    private final long index;
    private final long term;
    private final AtomicInteger open;
    private final SettleAction action = new SettleAction();
    private State state = State.WAITING;
    private @Nullable FilePin pin;

    /** Counts itself in {@code open} until it is closed. */
    BoltCheckpoint(long index, long term, AtomicInteger open) {
        this.index = index;
        this.term = term;
        this.open = open;
    }

    /** Holds the pin once more and is ready; if it was closed before, nothing happens. */
    void ready(FilePin committed) {
        synchronized (this) {
            if (state != State.WAITING) return;
            Check.that(committed.index() == index, "checkpoint of entry %d got a file of entry %d", index, committed.index());
            Check.that(committed.acquire(), "the newest file state ended");
            pin = committed;
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
        return pin().snapshot().lengthBytes();
    }

    @Override
    public int copyTo(long offset, ByteBuffer target) {
        int before = target.position();
        pin().snapshot().copyTo(offset, target);
        return target.position() - before;
    }

    @Override
    public List<Bytes> bucketNames() {
        return pin().snapshot().bucketNames();
    }

    @Override
    public void scan(Bytes bucketName, Bytes from, @Nullable Bytes to, BackendView.ScanVisitor visitor) {
        BoltBucket bucket = pin().snapshot().bucket(bucketName);
        if (bucket == null) return;
        new MergedScan(List.of(new PairSource.OfFile(bucket.cursor(), from))).run(to, visitor);
    }

    private synchronized FilePin pin() {
        FilePin held = pin;
        if (held == null) throw new Check.BrokenInvariant("a checkpoint is read that is " + state);
        return held;
    }

    @Override
    public void close() {
        FilePin held;
        synchronized (this) {
            if (state == State.CLOSED) return;
            state = State.CLOSED;
            held = pin;
            pin = null;
        }
        open.getAndDecrement();
        if (held != null) held.release();
        action.settle();
    }
}
