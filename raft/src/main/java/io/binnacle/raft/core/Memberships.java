package io.binnacle.raft.core;

import io.binnacle.base.Check;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Role;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.confchange.Changer;
import io.binnacle.raft.confchange.ConfChangeV2;
import io.binnacle.raft.tracker.Configuration;
import io.binnacle.raft.tracker.Progress;
import io.binnacle.raft.tracker.ProgressMap;

/** Puts memberships in force: at a restart, when a change is applied, and when a snapshot is installed. */
final class Memberships {

    private final Core core;
    private final Replication replication;
    private final Reads reads;

    Memberships(Core core, Replication replication, Reads reads) {
        this.core = core;
        this.replication = replication;
        this.reads = reads;
    }

    /** Puts a stored membership in force. */
    void restore(ConfState stored) {
        Changer.Changed restored = Changer.restore(core.tracker, core.log.lastIndex(), stored);
        ConfState reached = switchTo(restored.configuration(), restored.progress());
        Check.that(stored.isEquivalentTo(reached), "membership %s was restored as %s", stored, reached);
    }

    /** Puts a change in force that is being applied. */
    ConfState apply(ConfChangeV2 change) {
        Changer changer = new Changer(core.tracker, core.log.lastIndex());
        return switch (changer.change(change)) {
            case Changer.Changed(Configuration configuration, ProgressMap progress) -> switchTo(configuration, progress);
            case Changer.Refused(String reason) -> throw new IllegalStateException(reason); // members would differ
        };
    }

    private ConfState switchTo(Configuration configuration, ProgressMap progress) {
        core.tracker.switchTo(configuration, progress);
        core.info(Core.hex(core.id) + " switched to configuration " + configuration);
        ConfState stored = configuration.confState();
        Progress own = progress.get(core.id);
        if (!core.isLeader()) return stored;
        if (own == null || own.isLearner()) {
            if (core.options.stepDownOnRemoval()) core.becomeFollower(core.term(), NodeId.NONE);
            return stored;
        }
        if (configuration.incoming().isEmpty()) return stored;

        if (core.tryCommit()) { // fewer voters may already have agreed
            reads.onCommit();
            replication.appendToAll();
        } else {
            replication.appendMissingToAll(); // new members need not wait for a heartbeat
        }
        if (core.transferee() != NodeId.NONE && !configuration.voters().contains(core.transferee())) core.abortTransfer();
        return stored;
    }

    /** Replaces the log by a snapshot, unless the log has all of it or this member is not in it. */
    boolean install(Snapshot snapshot) {
        if (snapshot.index() <= core.log.committed()) return false;
        if (core.role() != Role.FOLLOWER) {
            core.warn(Core.hex(core.id) + " attempted to restore snapshot as leader; should never happen");
            core.becomeFollower(core.term() + 1, NodeId.NONE);
            return false;
        }
        ConfState members = snapshot.meta().confState();
        if (!members.contains(core.id)) {
            core.warn(Core.hex(core.id) + " attempted to restore snapshot but it is not in the ConfState " + members
                    + "; should never happen");
            return false;
        }
        if (core.log.matches(snapshot.term(), snapshot.index())) {
            core.info(describe() + " fast-forwarded commit to snapshot" + describe(snapshot));
            core.log.commitTo(snapshot.index());
            return false;
        }
        core.log.restore(snapshot);
        restore(members);
        core.info(describe() + " restored snapshot" + describe(snapshot));
        return true;
    }

    private String describe() {
        return Core.hex(core.id) + " [commit: " + core.log.committed() + ", lastindex: " + core.log.lastIndex()
                + ", lastterm: " + core.log.lastTerm() + "]";
    }

    static String describe(Snapshot snapshot) {
        return " [index: " + snapshot.index() + ", term: " + snapshot.term() + "]";
    }
}
