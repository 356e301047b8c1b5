package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.io.Agent;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The naive twin of the real backend: sorted maps, copied as a whole for each view, and a list of writes not yet
 * durable. It has no file; {@link #crash()} is what a power loss would leave. For tests of what stands on a backend,
 * and to compare the real one with. All methods are safe for all threads, since all take the one lock.
 */
public final class ModelBackend implements Backend {

    /** What a buffered write costs beside its key and value, so that bounds are comparable with the real backend. */
    static final int WRITE_COST_BYTES = WriteBuffer.WRITE_COST_BYTES;

    private static final long NOMINAL_PAGE_BYTES = 4096;

    private sealed interface Pending {}

    private record Write(Bucket bucket, Bytes key, @Nullable Bytes value) implements Pending {
        long costBytes() {
            return key.length() + (value == null ? 0 : value.length()) + (long) WRITE_COST_BYTES;
        }
    }

    private record EntryEnd(long index, long term) implements Pending {}

    private record Reached(ModelCheckpoint checkpoint) implements Pending {}

    private final long uncommittedBytesMax;
    private final ModelContents live;
    private final ModelContents durable;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<Path, ModelContents> files = new HashMap<>();
    private long uncommittedBytes;
    private long appliedIndex;
    private long appliedTerm;
    private boolean entryOpen; // written since the last entry ended
    private boolean closed;

    /** An empty store that admits 64 MiB of uncommitted bytes. */
    public ModelBackend() {
        this(64L << 20);
    }

    /** An empty store with a bound of uncommitted bytes. */
    public ModelBackend(long uncommittedBytesMax) {
        this(uncommittedBytesMax, new ModelContents());
    }

    private ModelBackend(long uncommittedBytesMax, ModelContents durable) {
        this.uncommittedBytesMax = uncommittedBytesMax;
        this.durable = durable;
        this.live = durable.copy();
        this.appliedIndex = durable.consistentIndex();
        this.appliedTerm = durable.consistentTerm();
    }

    /** A store as it would be found after a power loss now: what was committed, nothing else. */
    public synchronized ModelBackend crash() {
        return new ModelBackend(uncommittedBytesMax, durable.copy());
    }

    /** Makes what {@code source} has committed available to {@link #replace} under a path. */
    public synchronized void file(Path path, ModelBackend source) {
        files.put(path, source.crash().durable);
    }

    @Override
    public synchronized void put(Bucket bucket, Bytes key, Bytes value) {
        Check.that(!key.isEmpty(), "an empty key cannot be stored");
        write(new Write(bucket, key, value));
    }

    @Override
    public synchronized void delete(Bucket bucket, Bytes key) {
        write(new Write(bucket, key, null));
    }

    private void write(Write write) {
        Check.that(!closed, "write to a closed backend");
        live.apply(write.bucket(), write.key(), write.value());
        pending.add(write);
        uncommittedBytes += write.costBytes();
        entryOpen = true;
    }

    @Override
    public synchronized void entryApplied(long index, long term) {
        Check.that(index >= appliedIndex, "entry %d ends after entry %d", index, appliedIndex);
        appliedIndex = index;
        appliedTerm = term;
        entryOpen = false;
        pending.add(new EntryEnd(index, term));
    }

    @Override
    public synchronized void maintained() {
        entryApplied(appliedIndex, appliedTerm);
    }

    @Override
    public synchronized long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public synchronized BackendView view() {
        return new ModelView(live.copy());
    }

    @Override
    public synchronized Checkpoint checkpoint() {
        Check.that(!entryOpen, "a checkpoint inside of an entry");
        ModelCheckpoint checkpoint = new ModelCheckpoint(appliedIndex, appliedTerm);
        pending.add(new Reached(checkpoint));
        return checkpoint;
    }

    @Override
    public synchronized void replace(Path file) {
        ModelContents received = files.get(file);
        if (received == null) throw new IllegalArgumentException("no file was given for " + file);
        dropPending();
        live.assign(received);
        durable.assign(received);
        appliedIndex = durable.consistentIndex();
        appliedTerm = durable.consistentTerm();
        entryOpen = false;
    }

    private void dropPending() {
        for (Pending next : pending) {
            if (next instanceof Reached(ModelCheckpoint checkpoint)) checkpoint.fail();
        }
        pending.clear();
        uncommittedBytes = 0;
    }

    @Override
    public Agent committer() {
        return new Agent() {
            @Override
            public String name() {
                return "committer";
            }

            @Override
            public int doWork() {
                return commit(Integer.MAX_VALUE);
            }
        };
    }

    /**
     * Commits at most so many entries, in order; the agent commits all.
     *
     * @return how many were committed
     */
    public synchronized int commit(int entriesMax) {
        Deque<Write> entry = new ArrayDeque<>();
        int entries = 0;
        while (isReady(entries < entriesMax)) {
            switch (pending.remove()) {
                case Write write -> entry.add(write);
                case EntryEnd(long index, long term) -> {
                    entry.forEach(write -> durable.apply(write.bucket(), write.key(), write.value()));
                    entry.forEach(write -> uncommittedBytes -= write.costBytes());
                    entry.clear();
                    durable.consistent(index, term);
                    live.consistent(index, term);
                    entries++;
                }
                case Reached(ModelCheckpoint checkpoint) -> checkpoint.ready(durable.copy());
            }
        }
        Check.that(entry.isEmpty(), "half an entry was committed");
        return entries;
    }

    /** Whether the next thing is a checkpoint that was reached, or belongs to a whole entry that may be committed. */
    private boolean isReady(boolean anotherEntry) {
        Pending next = pending.peek();
        if (next == null) return false;
        return next instanceof Reached || (anotherEntry && (next instanceof EntryEnd || holdsWholeEntry()));
    }

    private boolean holdsWholeEntry() {
        return pending.stream().anyMatch(EntryEnd.class::isInstance);
    }

    @Override
    public synchronized boolean pressed() {
        return uncommittedBytes > uncommittedBytesMax / 2;
    }

    @Override
    public synchronized boolean full() {
        return uncommittedBytes >= uncommittedBytesMax;
    }

    /** What the pairs alone would take in whole pages. */
    @Override
    public synchronized long sizeBytes() {
        return (4 + durable.bytes() / NOMINAL_PAGE_BYTES) * NOMINAL_PAGE_BYTES;
    }

    @Override
    public synchronized long sizeInUseBytes() {
        return sizeBytes();
    }

    @Override
    public synchronized long uncommittedBytes() {
        return uncommittedBytes;
    }

    @Override
    public synchronized long consistentIndex() {
        return durable.consistentIndex();
    }

    @Override
    public synchronized long consistentTerm() {
        return durable.consistentTerm();
    }

    /** There is nothing to give back: the job is done when it is returned. */
    @Override
    public DefragmentJob defragment() {
        return new ModelDefragmentJob(sizeBytes());
    }

    @Override
    public synchronized void close() {
        closed = true;
        dropPending();
    }
}
