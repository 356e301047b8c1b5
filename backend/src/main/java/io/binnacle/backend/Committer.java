package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltWriter;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Turns sealed buffers into transactions of the file, one or several buffers each, always with the index and term of the
 * last entry they cover; between them it takes the steps of a defragmentation. The only one who writes to the file.
 */
final class Committer implements Agent {

    private static final double KEY_FILL_PERCENT = 0.9; // keys come in ascending order; etcd's choice too

    private final BackendConfig config;
    private final Clock clock;
    private final BufferQueue queue;
    private final AtomicReference<@Nullable Defragmentation> defragmentation = new AtomicReference<>();
    private volatile Generation generation;
    private boolean failed;

    Committer(BackendConfig config, Clock clock, BufferQueue queue, Generation generation) {
        this.config = config;
        this.clock = clock;
        this.queue = queue;
        this.generation = generation;
    }

    @Override
    public String name() {
        return "committer";
    }

    @Override
    public int doWork() {
        int buffers = commit(false);
        return buffers > 0 ? buffers : stepDefragmentation();
    }

    @Override
    public long nextDeadlineNanos() {
        Defragmentation job = defragmentation.get();
        long forJob = job == null ? Long.MAX_VALUE : job.nextStepNanos();
        return Math.min(forJob, queue.nextDeadlineNanos());
    }

    /** Commits every whole entry that is left. */
    @Override
    public void onClose() {
        while (!failed && commit(true) > 0) { // ends: nobody writes any more
        }
    }

    /** The file that is written to. */
    Generation generation() {
        return generation;
    }

    /** Another file from now on; for whoever has claimed it from the queue. */
    void generation(Generation next) {
        generation = next;
        endDefragmentation(DefragmentJob.State.FAILED);
    }

    /** The job under way, or a new one. */
    Defragmentation defragment() {
        Defragmentation fresh = new Defragmentation(config, clock);
        while (true) { // ends: a lost race means that there is a job to return
            Defragmentation now = defragmentation.get();
            if (now != null && now.state() == DefragmentJob.State.RUNNING) return now;
            if (defragmentation.compareAndSet(now, fresh)) {
                fresh.begin(generation.file().sizeBytes());
                config.committerWaker().wake();
                return fresh;
            }
        }
    }

    void endDefragmentation(DefragmentJob.State how) {
        Defragmentation job = defragmentation.getAndSet(null);
        if (job != null) job.end(how);
    }

    private int commit(boolean all) {
        List<WriteBuffer> batch = queue.take(clock.nanoTime(), all);
        if (batch.isEmpty()) return 0;
        try {
            write(batch);
            FilePin newest = generation.pin();
            queue.committed(batch, newest);
            for (BoltCheckpoint checkpoint : batch.getLast().checkpoints()) checkpoint.ready(newest);
        } catch (RuntimeException e) {
            fail(e);
            throw e;
        } finally {
            queue.idle();
        }
        config.committed().wake();
        return batch.size();
    }

    private void write(List<WriteBuffer> batch) {
        BoltWriter writer = generation.file().begin();
        boolean written = false;
        try {
            writer.fillPercent(Bucket.KEY.bucketName(), KEY_FILL_PERCENT);
            for (WriteBuffer buffer : batch) write(writer, buffer.capture());
            WriteBuffer last = batch.getLast();
            saveCounter(writer, MetaKeys.CONSISTENT_INDEX, last.lastIndex());
            if (last.lastIndex() != 0) saveCounter(writer, MetaKeys.TERM, last.lastTerm());
            writer.commit();
            written = true;
        } finally {
            if (!written) writer.rollback();
        }
    }

    private static void write(BoltWriter writer, WriteBuffer.Layer layer) {
        Bytes keyBucket = Bucket.KEY.bucketName();
        RevisionRun.Captured run = layer.run();
        for (int at = 0; at < run.count(); at++) writer.put(keyBucket, run.key(at), run.value(at));
        for (Bucket bucket : Bucket.values()) {
            OverlayMap.Node root = layer.overlay(bucket);
            if (root != null) write(writer, bucket, new PairSource.OfOverlay(root, Bytes.EMPTY));
        }
    }

    private static void write(BoltWriter writer, Bucket bucket, PairSource pairs) {
        Bytes name = bucket.bucketName();
        while (pairs.advance()) {
            if (!OverlayMap.isTombstone(pairs.value())) {
                if (bucket == Bucket.TEST) writer.createBucket(name);
                writer.put(name, pairs.key(), pairs.value());
            } else if (bucket != Bucket.TEST || writer.hasBucket(name)) {
                var unused = writer.delete(name, pairs.key());
            }
        }
    }

    private static void saveCounter(BoltWriter writer, Bytes key, long value) {
        if (value != 0) writer.put(Bucket.META.bucketName(), key, MetaKeys.number(value));
    }

    private int stepDefragmentation() {
        Defragmentation job = defragmentation.get();
        if (job == null || clock.nanoTime() < job.nextStepNanos() || !queue.claim()) return 0;
        try {
            if (job.step(generation)) queue.committed(List.of(), generation.pin());
        } catch (RuntimeException e) {
            fail(e);
            throw e;
        } finally {
            queue.idle();
        }
        if (job.state() != DefragmentJob.State.RUNNING) defragmentation.compareAndSet(job, null);
        config.committed().wake();
        return 1;
    }

    private void fail(RuntimeException cause) {
        if (failed) return;
        failed = true;
        config.fatal().accept(cause); // first of all, so that nobody reports a refused write as the cause
        queue.end();
        endDefragmentation(DefragmentJob.State.FAILED);
    }
}
