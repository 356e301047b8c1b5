package io.binnacle.mvcc;

import java.util.ArrayList;
import java.util.List;

/**
 * The deletion of what one compaction made unreachable. It finishes on the apply thread, when the last deletion and
 * the record of the end are in the backend's buffer; whoever waits for freed space lets the backend commit after that.
 *
 * <p>Apply thread only, except {@link #revision()}.
 */
public final class CompactionJob {

    /** Actions that may wait for one job. */
    private static final int WAITING_MAX = 10_000;

    private final long revision;
    private final long previousRevision;
    private final boolean hashed;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean finished;

    /** {@code hashed}: whether the compaction before it has finished, so that the hash taken on the way means something. */
    CompactionJob(long revision, long previousRevision, boolean hashed) {
        this.revision = revision;
        this.previousRevision = previousRevision;
        this.hashed = hashed;
    }

    /** The compact revision. */
    public long revision() {
        return revision;
    }

    long previousRevision() {
        return previousRevision;
    }

    boolean hashed() {
        return hashed;
    }

    /** Whether all is done. */
    public boolean finished() {
        return finished;
    }

    /**
     * Runs the action on the apply thread when the job has finished, at once if it has. It must not block.
     *
     * @return false if too many wait already; then it will not run
     */
    public boolean onFinished(Runnable action) {
        if (finished) {
            action.run();
            return true;
        }
        return waiting.size() < WAITING_MAX && waiting.add(action);
    }

    /** The job's work is done by a later one: whoever waits for it waits for that. */
    void joins(CompactionJob later) {
        later.waiting.addAll(waiting);
        waiting.clear();
        later.waiting.add(() -> finished = true);
    }

    void finish() {
        finished = true;
        for (Runnable action : waiting) action.run();
        waiting.clear();
    }
}
