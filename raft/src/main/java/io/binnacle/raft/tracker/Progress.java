package io.binnacle.raft.tracker;

/**
 * A leader's view of one member's log.
 *
 * <p>Always {@code match < next}: everything up to {@code match} is known to be there, everything from {@code next} on
 * was not sent yet, what lies between is on its way (REPLICATE) or a guess (PROBE).
 */
public final class Progress {

    private long match;
    private long next;
    private long sentCommit; // highest commit index in a message on its way; below next
    private long pendingSnapshot; // index of the snapshot on its way; only in SNAPSHOT, else 0
    private ProgressState state = ProgressState.PROBE;
    private boolean recentActive; // heard of since the last check of the quorum
    private boolean appendPaused; // no append until an answer or a heartbeat's answer
    private boolean learner;
    private final Inflights inflights;

    /** A member whose log may match anything below {@code next}. */
    public Progress(long match, long next, boolean learner, boolean recentActive, Inflights inflights) {
        this.match = match;
        this.next = next;
        this.learner = learner;
        this.recentActive = recentActive;
        this.inflights = inflights;
    }

    /** Highest index known to be in the member's log. */
    public long match() {
        return match;
    }

    /** The next index to send. */
    public long next() {
        return next;
    }

    /** How the member is fed. */
    public ProgressState state() {
        return state;
    }

    /** Index of the snapshot on its way, or 0. */
    public long pendingSnapshot() {
        return pendingSnapshot;
    }

    /** Whether the member has no vote. */
    public boolean isLearner() {
        return learner;
    }

    /** Whether it was heard of since the last check of the quorum. */
    public boolean recentActive() {
        return recentActive;
    }

    /** Sets whether it was heard of. */
    public void recentActive(boolean active) {
        recentActive = active;
    }

    /** What is on its way. */
    public Inflights inflights() {
        return inflights;
    }

    /** A copy that can be changed without this one being; what is on its way is shared. */
    public Progress copy() {
        Progress copy = new Progress(match, next, learner, recentActive, inflights);
        copy.sentCommit = sentCommit;
        copy.pendingSnapshot = pendingSnapshot;
        copy.state = state;
        copy.appendPaused = appendPaused;
        return copy;
    }

    /** Makes it a learner or a voter. */
    public void learner(boolean isLearner) {
        learner = isLearner;
    }

    /** Begins a new term: nothing is known, except of the own log. */
    public void restart(long knownMatch, long nextIndex) {
        match = knownMatch;
        next = nextIndex;
        sentCommit = 0;
        recentActive = false;
        enter(ProgressState.PROBE);
    }

    /** Finds out anew where the logs agree; after a snapshot, behind it. */
    public void becomeProbe() {
        long after = state == ProgressState.SNAPSHOT ? Math.max(match, pendingSnapshot) : match;
        enter(ProgressState.PROBE);
        next = after + 1;
        sentCommit = Math.min(sentCommit, next - 1);
    }

    /** The logs agree up to {@code match}. */
    public void becomeReplicate() {
        enter(ProgressState.REPLICATE);
        next = match + 1;
    }

    /** A snapshot at this index is on its way. */
    public void becomeSnapshot(long snapshotIndex) {
        enter(ProgressState.SNAPSHOT);
        pendingSnapshot = snapshotIndex;
        next = snapshotIndex + 1;
        sentCommit = snapshotIndex;
    }

    /** The sending of the snapshot failed: probe again from what is known to match. */
    public void snapshotFailed() {
        pendingSnapshot = 0;
        becomeProbe();
    }

    private void enter(ProgressState entered) {
        appendPaused = false;
        pendingSnapshot = 0;
        state = entered;
        inflights.reset();
    }

    /** Takes note of an append of so many entries and data bytes, which began at {@code next}. */
    public void sentEntries(int entries, long dataBytes) {
        switch (state) {
            case REPLICATE -> {
                if (entries > 0) {
                    next += entries;
                    inflights.add(next - 1, dataBytes);
                }
                appendPaused = inflights.isFull(); // a heartbeat's answer lets one probe through
            }
            case PROBE -> {
                if (entries > 0) appendPaused = true;
            }
            case SNAPSHOT -> throw new IllegalStateException("append sent in " + state);
        }
    }

    /** Takes note of a message that carries this commit index. */
    public void sentCommit(long commit) {
        sentCommit = commit;
    }

    /** Whether a message with this commit index would tell the member anything it has not been sent. */
    public boolean canBumpCommit(long commit) {
        return commit > sentCommit && sentCommit < next - 1;
    }

    /** The member has acknowledged up to {@code index}; false if that is old news. */
    public boolean acknowledged(long index) {
        if (index <= match) return false;
        match = index;
        next = Math.max(next, index + 1);
        appendPaused = false;
        return true;
    }

    /**
     * The member has refused an append behind {@code rejected}, and the logs may agree at {@code matchHint}.
     *
     * @return false if the refusal is stale: it answers an append that was superseded
     */
    public boolean refused(long rejected, long matchHint) {
        if (state == ProgressState.REPLICATE) {
            if (rejected <= match) return false;
            next = match + 1;
            sentCommit = Math.min(sentCommit, next - 1);
            return true;
        }
        if (next - 1 != rejected) return false; // a probe goes out one at a time, so only the last one counts
        next = Math.max(Math.min(rejected, matchHint + 1), match + 1);
        sentCommit = Math.min(sentCommit, next - 1);
        appendPaused = false;
        return true;
    }

    /** Lets one append through again. */
    public void resumeAppends() {
        appendPaused = false;
    }

    /** Holds appends back until something is heard. */
    public void pauseAppends() {
        appendPaused = true;
    }

    /** Whether no append may be sent now. */
    public boolean isPaused() {
        return state == ProgressState.SNAPSHOT || appendPaused;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(state.label());
        text.append(" match=").append(match).append(" next=").append(next);
        if (learner) text.append(" learner");
        if (isPaused()) text.append(" paused");
        if (pendingSnapshot > 0) text.append(" pendingSnap=").append(pendingSnapshot);
        if (!recentActive) text.append(" inactive");
        if (inflights.count() > 0) {
            text.append(" inflight=").append(inflights.count());
            if (inflights.isFull()) text.append("[full]");
        }
        return text.toString();
    }
}
