package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.RaftLogger.Level;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.tracker.Progress;
import io.binnacle.raft.tracker.ProgressMap;
import io.binnacle.raft.tracker.ProgressState;
import org.jspecify.annotations.Nullable;

/** A leader's sending of its log, thesis §3.5, with the flow control of {@link Progress}. */
final class Replication {

    private final Core core;
    private boolean waitsForStorage; // a member was left out because its entries are not in memory

    Replication(Core core) {
        this.core = core;
    }

    /** Sends to every other member what it lacks, or at least the commit index. */
    void appendToAll() {
        ProgressMap members = core.tracker.progress();
        for (int at = 0; at < members.size(); at++) {
            if (members.idAt(at) != core.id) append(members.idAt(at), members.at(at), true);
        }
    }

    /** Sends to every other member what it lacks, nothing if it lacks nothing. */
    void appendMissingToAll() {
        ProgressMap members = core.tracker.progress();
        for (int at = 0; at < members.size(); at++) {
            if (members.idAt(at) != core.id) append(members.idAt(at), members.at(at), false);
        }
    }

    /** Entries that were not in memory are there now. */
    void storageFetched() {
        if (!waitsForStorage) return;
        waitsForStorage = false;
        if (core.isLeader()) appendMissingToAll();
    }

    /**
     * Sends one append, or a snapshot if the member needs what is gone.
     *
     * @param evenEmpty whether to send also without entries, for the commit index or as a probe
     * @return whether something was sent
     */
    boolean append(long to, Progress member, boolean evenEmpty) {
        if (member.isPaused()) return false;
        long prevIndex = member.next() - 1;
        long prevTerm = core.log.term(prevIndex);
        if (prevTerm < 0) return install(to, member);

        EntrySlice entries = EntrySlice.EMPTY;
        if (member.state() != ProgressState.REPLICATE || !member.inflights().isFull()) {
            LogRead read = core.log.entries(member.next(), core.messageBytesMax);
            switch (read) {
                case EntrySlice found -> entries = found;
                case LogRead.Missing missing -> {
                    if (missing != LogRead.Missing.PENDING) return install(to, member);
                    waitsForStorage = true;
                }
            }
        }
        if (entries.isEmpty() && !evenEmpty) return false;
        long commit = core.log.committed();
        core.outbox.send(Message.append(to, core.id, core.term(), prevTerm, prevIndex, entries, commit));
        member.sentEntries(entries.size(), entries.dataBytes());
        member.sentCommit(commit);
        return true;
    }

    private boolean install(long to, Progress member) {
        if (!member.recentActive()) {
            if (core.logs(Level.DEBUG)) {
                core.debug("ignore sending snapshot to " + Core.hex(to) + " since it is not recently active");
            }
            return false;
        }
        Snapshot snapshot = core.log.snapshot();
        if (snapshot == null) {
            core.debug(Core.hex(core.id) + " failed to send snapshot to " + Core.hex(to)
                    + " because snapshot is temporarily unavailable");
            return false;
        }
        Check.that(snapshot.index() != 0, "need non-empty snapshot");
        core.debug(Core.hex(core.id) + " [firstindex: " + core.log.firstIndex() + ", commit: " + core.log.committed()
                + "] sent snapshot[index: " + snapshot.index() + ", term: " + snapshot.term() + "] to " + Core.hex(to)
                + " [" + member + "]");
        member.becomeSnapshot(snapshot.index());
        core.debug(Core.hex(core.id) + " paused sending replication messages to " + Core.hex(to) + " [" + member + "]");
        core.outbox.send(Message.install(to, core.id, core.term(), snapshot));
        return true;
    }

    /** Tells everybody that the leader is alive, and what is committed as far as the member's log is known to match. */
    void heartbeatToAll(@Nullable Bytes context) {
        ProgressMap members = core.tracker.progress();
        for (int at = 0; at < members.size(); at++) {
            long to = members.idAt(at);
            if (to == core.id) continue;
            Progress member = members.at(at);
            long commit = Math.min(member.match(), core.log.committed());
            core.outbox.send(Message.heartbeat(MessageType.HEARTBEAT, to, core.id, core.term(), commit, context));
            member.sentCommit(commit);
        }
    }
}
