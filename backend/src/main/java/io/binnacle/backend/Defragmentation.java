package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltFile;
import io.binnacle.bolt.BoltWriter;
import io.binnacle.bolt.PackResult;
import io.binnacle.bolt.RelocateResult;
import io.binnacle.io.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A defragmentation step by step, each one an ordinary write transaction of bounded size. A page that an older view still
 * holds cannot be filled again; while there are such views it waits for them, up to a bound. Steps belong to the
 * committer; the rest is for all threads.
 */
final class Defragmentation implements DefragmentJob {

    private static final double PACK_FILL_PERCENT = 0.9; // what etcd's own copying defragmentation uses
    private static final int LEAVES_PER_LOOK = 64;
    private static final int LOOKS_PER_STEP = 16;
    private static final long GROWTH_BYTES = 1 << 20;
    /** What one transaction frees is free two later, since views stand on the newest: so some steps show no gain at once. */
    private static final int IDLE_STEPS = 8;
    private static final long RETRY_NANOS = 50_000_000L;
    /** How long it waits for older views without moving a page. */
    private static final long STALL_NANOS = 10_000_000_000L;

    private final BackendConfig config;
    private final Clock clock;
    private final SettleAction action = new SettleAction();
    private volatile State state = State.RUNNING;
    private volatile boolean cancelled;
    private volatile long bytesBefore;
    private volatile long bytesNow;
    private volatile long bytesInUse;
    private final AtomicLong pagesMoved = new AtomicLong();
    private volatile long nextStepNanos = Long.MIN_VALUE;
    private long movedAtNanos;
    private volatile long bytesCut;
    private Phase phase = Phase.PACK;
    private int idleSteps;
    private long shortest = Long.MAX_VALUE;
    private int packBucket;
    private Bytes packFrom = Bytes.EMPTY;

    private enum Phase {
        PACK,
        MOVE,
        SETTLE,
        CUT,
        ENDED
    }

    Defragmentation(BackendConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.movedAtNanos = clock.nanoTime();
    }

    void begin(long sizeBytes) {
        bytesBefore = sizeBytes;
        bytesNow = sizeBytes;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public long bytesBefore() {
        return bytesBefore;
    }

    @Override
    public long bytesAfter() {
        return bytesNow;
    }

    @Override
    public long pagesMoved() {
        return pagesMoved.get();
    }

    @Override
    public double progress() {
        if (state == State.DONE) return 1;
        long toGive = bytesBefore - bytesInUse;
        return toGive <= 0 ? 0 : Math.clamp((double) (bytesBefore - bytesNow) / toGive, 0.0, 1.0);
    }

    @Override
    public void cancel() {
        cancelled = true;
        config.committerWaker().wake();
    }

    @Override
    public void onSettled(Runnable next) {
        action.add(next);
    }

    /** Bytes that were given back to the file system. */
    long bytesCut() {
        return bytesCut;
    }

    /** When it wants its next turn, on the monotonic clock. */
    long nextStepNanos() {
        return cancelled ? Long.MIN_VALUE : nextStepNanos;
    }

    void end(State how) {
        if (state != State.RUNNING) return;
        state = how;
        action.settle();
    }

    /**
     * One step, by whoever has claimed the file.
     *
     * @return whether a transaction was committed
     */
    boolean step(Generation generation) {
        BoltFile file = generation.file();
        long now = clock.nanoTime();
        if (cancelled) {
            end(State.CANCELLED);
            return false;
        }
        boolean committed = switch (phase) {
            case PACK -> pack(generation, now);
            case MOVE -> move(generation, now);
            case SETTLE -> settle(file);
            case CUT -> cut(file);
            case ENDED -> false;
        };
        bytesNow = file.sizeBytes();
        bytesInUse = file.sizeInUseBytes();
        if (phase == Phase.ENDED) end(State.DONE);
        return committed;
    }

    /** Merges half-empty leaves, bucket by bucket; looks at a bounded number of pages. */
    private boolean pack(Generation generation, long now) {
        if (mustWait(generation, now)) return false;
        BoltWriter writer = generation.file().begin();
        boolean committed = false;
        try {
            for (int look = 0; look < LOOKS_PER_STEP && !committed; look++) {
                Bytes bucket = Bucket.byName().get(packBucket).bucketName();
                writer.fillPercent(bucket, PACK_FILL_PERCENT);
                PackResult result = writer.pack(bucket, packFrom, LEAVES_PER_LOOK);
                if (result.pagesSaved() > 0) {
                    writer.commit();
                    committed = true;
                }
                packFrom = result.next() == null ? Bytes.EMPTY : result.next();
                if (result.next() == null && ++packBucket == Bucket.COUNT) {
                    phase = Phase.MOVE;
                    movedAtNanos = now;
                    break;
                }
            }
        } finally {
            if (!committed) writer.rollback();
        }
        return committed;
    }

    /** Whether so much is held back by older views that the file has grown instead. */
    private boolean mustWait(Generation generation, long now) {
        boolean grown = generation.file().sizeBytes() > bytesBefore + bytesBefore / 32 + GROWTH_BYTES;
        if (!grown || !generation.hasOlderPins() || now - movedAtNanos >= STALL_NANOS) {
            movedAtNanos = now;
            nextStepNanos = Long.MIN_VALUE;
            return false;
        }
        nextStepNanos = now + RETRY_NANOS;
        return true;
    }

    /** Moves some pages towards the front; ends when several steps in a row made the file no shorter. */
    private boolean move(Generation generation, long now) {
        BoltFile file = generation.file();
        if (file.sizeBytes() < shortest) {
            shortest = file.sizeBytes();
            idleSteps = 0;
            movedAtNanos = now;
        } else if (++idleSteps > IDLE_STEPS) {
            idleSteps = 0;
            if (generation.hasOlderPins() && now - movedAtNanos < STALL_NANOS) nextStepNanos = now + RETRY_NANOS;
            else phase = Phase.SETTLE;
            return false;
        }
        nextStepNanos = Long.MIN_VALUE;
        BoltWriter writer = file.begin();
        boolean committed = false;
        try {
            RelocateResult result = writer.relocate(config.defragmentPages());
            if (!result.finished()) {
                writer.commit();
                committed = true;
                var unused = pagesMoved.addAndGet(result.pagesMoved());
            }
        } finally {
            if (!committed) writer.rollback();
        }
        return committed || touch(file);
    }

    /** Writes once more, so that both meta pages have the new end. */
    private boolean settle(BoltFile file) {
        phase = Phase.CUT;
        return touch(file);
    }

    /** A transaction that changes nothing; with none stored yet there is no counter to write again, and no need to. */
    private static boolean touch(BoltFile file) {
        Bytes meta = Bucket.META.bucketName();
        BoltWriter writer = file.begin();
        boolean committed = false;
        try {
            Bytes index = writer.get(meta, MetaKeys.CONSISTENT_INDEX);
            if (index != null) {
                writer.put(meta, MetaKeys.CONSISTENT_INDEX, index);
                writer.commit();
                committed = true;
            }
        } finally {
            if (!committed) writer.rollback();
        }
        return committed;
    }

    /** Gives what lies behind the end back to the file system, as far as no older view reaches there. */
    private boolean cut(BoltFile file) {
        bytesCut = file.shrink();
        phase = Phase.ENDED;
        return false;
    }
}
