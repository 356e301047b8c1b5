package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hand-over between the apply thread, which fills the active buffer, and the committer, which takes sealed ones.
 * Its monitor is held for a few assignments, never during I/O; so neither waits for the other's work.
 *
 * <p>The active buffer changes hands only between entries: while {@code entryOpen}, it is the apply thread's alone, and
 * nobody may seal it.
 */
final class BufferQueue {
    private final BackendConfig config;
    private final AtomicInteger openCheckpoints = new AtomicInteger();
    /** Written by the apply thread alone, as {@link #committedBytes} is by the committer. */
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong committedBytes = new AtomicLong();
    private WriteBuffer active;
    /** Whether something was written since the last entry ended; set by the apply thread only. */
    private boolean entryOpen;
    /** Oldest first; those in work stay here until the file shows them. */
    private final Deque<WriteBuffer> sealed = new ArrayDeque<>();
    /** What views stand on; holds one hold of it. */
    private FilePin pin;
    /** How often {@link #pin} was replaced; written under the monitor. */
    private volatile long fileStates;
    /** Whether somebody works on the file. */
    private boolean busy;
    /** Nothing is taken any more: the disk failed or the backend was closed. */
    private boolean ended;

    /** Takes over one hold of the pin. */
    BufferQueue(BackendConfig config, FilePin pin) {
        this.config = config;
        this.pin = pin;
        this.active = new WriteBuffer(pin.index(), pin.term());
    }

    // The apply thread.

    /** Writes to the active buffer. */
    void write(Bucket bucket, Bytes key, Bytes value, Clock clock) {
        if (!entryOpen) openEntry(clock.nanoTime());
        writtenBytes.setRelease(writtenBytes.getPlain() + active.write(bucket, key, value));
    }

    private void openEntry(long nowNanos) {
        boolean first;
        synchronized (this) {
            Check.that(!ended, "a write to a backend that was closed or failed");
            entryOpen = true;
            first = active.isEmpty();
            if (first) active.dirtySinceNanos(nowNanos);
        }
        if (first) config.committerWaker().wake(); // so that it learns its next deadline
    }

    void entryApplied(long index, long term, long nowNanos) {
        boolean handedOver;
        synchronized (this) {
            Check.that(index >= active.lastIndex(), "entry %d ends after entry %d", index, active.lastIndex());
            active.entryEnded(index, term);
            entryOpen = false;
            handedOver = active.bytes() >= config.sealBytes() || isDue(nowNanos);
            if (handedOver) seal();
        }
        if (handedOver) config.committerWaker().wake();
    }

    void maintained(long nowNanos) {
        entryApplied(active.lastIndex(), active.lastTerm(), nowNanos); // read by the thread that alone writes them
    }

    synchronized long appliedIndex() {
        return active.lastIndex();
    }

    synchronized LayeredView view() {
        boolean written = !active.isEmpty();
        WriteBuffer.Layer[] layers = new WriteBuffer.Layer[sealed.size() + (written ? 1 : 0)];
        int at = 0;
        if (written) layers[at++] = active.capture();
        for (Iterator<WriteBuffer> newest = sealed.descendingIterator(); newest.hasNext(); ) {
            WriteBuffer buffer = newest.next();
            if (!buffer.isEmpty()) layers[at++] = buffer.capture();
        }
        Check.that(pin.acquire(), "the newest file state ended");
        return new LayeredView(at == layers.length ? layers : Arrays.copyOf(layers, at), pin);
    }

    BoltCheckpoint checkpoint() {
        Check.that(openCheckpoints.get() < Checkpoint.OPEN_MAX, "too many open checkpoints"); // only this thread adds
        openCheckpoints.incrementAndGet();
        BoltCheckpoint checkpoint;
        synchronized (this) {
            Check.that(!entryOpen, "a checkpoint inside of an entry");
            checkpoint = new BoltCheckpoint(active.lastIndex(), active.lastTerm(), openCheckpoints);
            if (ended) {
                checkpoint.fail();
            } else if (active.isEmpty() && sealed.isEmpty() && pin.index() == active.lastIndex()) {
                checkpoint.ready(pin);
            } else {
                active.checkpoints().add(checkpoint);
                seal();
            }
        }
        config.committerWaker().wake();
        return checkpoint;
    }

    // The committer.

    /**
     * The oldest buffers, for one transaction: up to the bound of its size, or to a checkpoint. Whoever gets some must
     * end with {@link #committed} or {@link #idle()}. None if somebody else works on the file.
     */
    synchronized List<WriteBuffer> take(long nowNanos, boolean all) {
        if (ended || busy) return List.of();
        if (!entryOpen && !active.isEmpty() && (all || isDue(nowNanos))) seal();
        List<WriteBuffer> batch = new ArrayList<>();
        long bytes = 0;
        for (WriteBuffer next : sealed) {
            if (!batch.isEmpty() && bytes + next.bytes() > config.commitBytesMax()) break;
            batch.add(next);
            bytes += next.bytes();
            if (!next.checkpoints().isEmpty()) break;
        }
        busy = !batch.isEmpty();
        return batch;
    }

    /** The oldest buffers are in the file: takes over one hold of its new state, and gives the hold of the old back. */
    void committed(List<WriteBuffer> batch, FilePin newest) {
        FilePin old;
        synchronized (this) {
            long bytes = 0;
            for (WriteBuffer buffer : batch) {
                Check.that(sealed.remove() == buffer, "buffers were committed out of order");
                bytes += buffer.bytes();
            }
            committedBytes.setRelease(committedBytes.getPlain() + bytes);
            old = pin;
            stand(newest);
        }
        old.release();
    }

    /** Claims the file for other work than buffers; false if there is no going on. */
    synchronized boolean claim() {
        if (ended || busy) return false;
        busy = true;
        return true;
    }

    /** Ends a claim or the work on a batch. */
    synchronized void idle() {
        busy = false;
        notifyAll();
    }

    /** When a buffer must be sealed, on the monotonic clock. */
    synchronized long nextDeadlineNanos() {
        if (ended || active.isEmpty()) return Long.MAX_VALUE;
        return active.dirtySinceNanos() + config.sealNanos();
    }

    // Whoever ends or replaces.

    /** Waits until nobody works on the file, and claims it; bounded by one commit. */
    synchronized void claimWaiting() throws InterruptedException {
        while (busy) wait();
        busy = true;
    }

    /** Drops all that is not committed and stands on another file from now on, whose pin it takes a hold of over. */
    void restart(FilePin newest) {
        dropBuffers(newest.index(), newest.term());
        FilePin old;
        synchronized (this) {
            old = pin;
            stand(newest);
        }
        old.release();
    }

    /** Takes no more; open checkpoints that wait will never be ready. */
    void end() {
        synchronized (this) {
            if (ended) return;
            ended = true;
            notifyAll();
        }
        failCheckpoints();
    }

    /** The newest committed state, not held for the caller. */
    synchronized FilePin pin() {
        return pin;
    }

    private void dropBuffers(long index, long term) {
        failCheckpoints();
        synchronized (this) {
            sealed.clear();
            active = new WriteBuffer(index, term);
            entryOpen = false;
            committedBytes.setRelease(writtenBytes.get());
        }
    }

    private void failCheckpoints() {
        List<BoltCheckpoint> waiting = new ArrayList<>();
        synchronized (this) {
            for (WriteBuffer buffer : sealed) waiting.addAll(buffer.checkpoints());
        }
        waiting.forEach(BoltCheckpoint::fail); // outside of the monitor: their actions may call back
    }

    /** Bytes written and not committed. */
    long uncommittedBytes() {
        return Math.max(0, writtenBytes.getAcquire() - committedBytes.getAcquire());
    }

    private boolean isDue(long nowNanos) {
        return !active.isEmpty() && nowNanos - active.dirtySinceNanos() >= config.sealNanos();
    }

    /** Under the monitor. */
    private synchronized void stand(FilePin newest) {
        pin = newest;
        fileStates = fileStates + 1;
    }

    /** How often the file state that views stand on has changed. */
    long fileStates() {
        return fileStates;
    }

    /** Under the monitor and between entries. */
    private void seal() {
        var unused = active.capture(); // so that it never changes again
        sealed.add(active);
        active = new WriteBuffer(active.lastIndex(), active.lastTerm());
    }
}
