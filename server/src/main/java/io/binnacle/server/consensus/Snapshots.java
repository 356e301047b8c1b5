package io.binnacle.server.consensus;

import io.binnacle.backend.Backend;
import io.binnacle.backend.Checkpoint;
import io.binnacle.base.Bytes;
import io.binnacle.io.Waker;
import io.binnacle.raft.ConfState;
import io.binnacle.server.apply.Membership;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a snapshot is due and carries it through: first the database is made durable at exactly this entry, then
 * the log writer writes file and record (durability rule 4). A part of the apply agent.
 */
final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final Backend backend;
    private final LogWriter logWriter;
    private final Waker waker;
    private final Membership membership;
    private final Function<Membership.State, Bytes> document;
    private final long everyEntries;
    private long lastIndex;
    private boolean forced;
    private volatile boolean underWay;

    /** {@code document} makes what a member of release 3.6 wants to find in the file. */
    Snapshots(Backend backend, LogWriter logWriter, Waker waker, Membership membership,
            Function<Membership.State, Bytes> document, long everyEntries, long lastIndex) {
        this.backend = backend;
        this.logWriter = logWriter;
        this.waker = waker;
        this.membership = membership;
        this.document = document;
        this.everyEntries = everyEntries;
        this.lastIndex = lastIndex;
    }

    /** The next turn takes one, however few entries there are. */
    void force() {
        forced = true;
    }

    /** Called after a batch; nothing has been written since its last entry. */
    void maybeTrigger(long appliedIndex, long appliedTerm) {
        boolean due = forced || appliedIndex - lastIndex > everyEntries;
        if (!due || underWay || appliedIndex == lastIndex) return;
        LOG.atInfo().addKeyValue("local-member-applied-index", appliedIndex)
                .addKeyValue("local-member-snapshot-index", lastIndex)
                .addKeyValue("local-member-snapshot-count", everyEntries)
                .log("triggering snapshot");
        forced = false;
        underWay = true;
        lastIndex = appliedIndex;
        Membership.State members = membership.state();
        Bytes data = document.apply(members);
        Checkpoint checkpoint = backend.checkpoint();
        checkpoint.onSettled(() -> {
            boolean ready = checkpoint.state() == Checkpoint.State.READY;
            checkpoint.close();
            if (ready) handOver(appliedIndex, appliedTerm, members, data);
            else underWay = false; // the member is stopping, or has failed and says so elsewhere
        });
    }

    private void handOver(long index, long term, Membership.State members, Bytes data) {
        ConfState conf = StartState.confStateOf(members);
        boolean taken = logWriter.offer(new LogWriter.SnapshotTask(index, term, conf, data, () -> {
            underWay = false;
            LOG.atInfo().addKeyValue("snapshot-index", index).log("saved snapshot to disk");
        }));
        if (!taken) underWay = false;
        waker.wake();
    }
}
