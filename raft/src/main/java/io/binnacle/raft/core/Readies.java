package io.binnacle.raft.core;

import io.binnacle.base.Check;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.LogRead;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Role;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SoftState;
import io.binnacle.raft.log.EntryId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes readies: what changed since the last one, what is to be stored, applied and sent. */
final class Readies {

    private final Core core;
    private final boolean async;

    // What the last ready said.
    private long shownLeader;
    private Role shownRole;
    private HardState shownHard;

    /** Committed entries are not in memory; set until the storage has fetched them. */
    private boolean waitsForStorage;
    /** Synchronous mode: what the node tells itself when the ready is done. */
    private final List<Message> onAdvance = new ArrayList<>();

    Readies(Core core) {
        this.core = core;
        this.async = core.options.asyncStorageWrites();
        this.shownLeader = core.leader();
        this.shownRole = core.role();
        this.shownHard = core.hardState();
    }

    /** Makes the next ready show the hard state whatever it is. */
    void forgetHardState() {
        shownHard = HardState.EMPTY;
    }

    void storageFetched() {
        waitsForStorage = false;
    }

    boolean hasReady() {
        return !core.outbox.isEmpty() || core.log.hasNextUnstableEntries()
                || (core.log.hasNextCommitted() && !waitsForStorage)
                || softChanged() || hardChanged() || core.log.nextUnstableSnapshot() != null;
    }

    Ready next() {
        Check.that(onAdvance.isEmpty(), "two readies without advance() between them");
        SoftState soft = softChanged() ? new SoftState(core.leader(), core.role()) : null;
        HardState hard = hardChanged() ? core.hardState() : null;
        EntrySlice entries = core.log.nextUnstableEntries();
        Snapshot snapshot = core.log.nextUnstableSnapshot();
        EntrySlice committed = nextCommitted();
        boolean mustSync = !entries.isEmpty()
                || (hard != null && (hard.term() != shownHard.term() || hard.vote() != shownHard.vote()));
        List<Message> messages = core.outbox.takeMessages();
        List<Message> afterAppend = core.outbox.takeAfterAppend();
        boolean acknowledgeStorage = core.log.hasUnstableEntries() || snapshot != null;

        if (async) {
            if (!entries.isEmpty() || hard != null || snapshot != null || !afterAppend.isEmpty()) {
                messages.add(storageAppend(entries, hard, snapshot, afterAppend, acknowledgeStorage));
            }
            if (!committed.isEmpty()) messages.add(storageApply(committed));
        } else {
            for (Message message : afterAppend) (message.to() == core.id ? onAdvance : messages).add(message);
            if (acknowledgeStorage) onAdvance.add(storageAppendResponse(snapshot));
            if (!committed.isEmpty()) onAdvance.add(storageApplyResponse(committed));
        }
        shownLeader = core.leader();
        shownRole = core.role();
        if (hard != null) shownHard = hard;
        core.log.acceptUnstable();
        if (!committed.isEmpty()) core.log.acceptApplying(committed);
        return new Ready(soft, hard, core.outbox.takeReadStates(), entries, snapshot, committed, messages, mustSync);
    }

    /** What is to be stepped now that the last ready is done; stepping does not add to it. */
    List<Message> takeOnAdvance() {
        List<Message> taken = List.copyOf(onAdvance);
        onAdvance.clear();
        return taken;
    }

    private boolean softChanged() {
        return core.leader() != shownLeader || core.role() != shownRole;
    }

    private boolean hardChanged() {
        return core.term() != shownHard.term() || core.votedFor() != shownHard.vote()
                || core.log.committed() != shownHard.commit();
    }

    private EntrySlice nextCommitted() {
        return switch (core.log.nextCommitted()) {
            case EntrySlice found -> found;
            case LogRead.Missing missing -> {
                Check.that(missing == LogRead.Missing.PENDING, "committed entries are missing from the log");
                waitsForStorage = true;
                yield EntrySlice.EMPTY;
            }
        };
    }

    private Message storageAppend(EntrySlice entries, @Nullable HardState hard, @Nullable Snapshot snapshot,
            List<Message> afterAppend, boolean acknowledge) {
        List<Message> responses = afterAppend;
        if (acknowledge) {
            responses = new ArrayList<>(afterAppend.size() + 1);
            responses.addAll(afterAppend);
            responses.add(storageAppendResponse(snapshot));
        }
        HardState state = hard == null ? HardState.EMPTY : hard;
        return new Message(MessageType.STORAGE_APPEND, NodeId.APPEND_THREAD, core.id, state.term(), 0, 0, entries,
                state.commit(), snapshot, false, 0, null, state.vote(), responses);
    }

    /**
     * Says that all entries up to the present end are stored. It is sent also when this ready has none but earlier ones are
     * still being stored: their own acknowledgements are ignored if the term has changed since, so one in this term must
     * follow.
     */
    private Message storageAppendResponse(@Nullable Snapshot snapshot) {
        EntryId last = core.log.hasUnstableEntries() ? core.log.last() : new EntryId(0, 0);
        return new Message(MessageType.STORAGE_APPEND_RESP, core.id, NodeId.APPEND_THREAD, core.term(), last.term(),
                last.index(), EntrySlice.EMPTY, 0, snapshot, false, 0, null, 0, List.of());
    }

    private Message storageApply(EntrySlice committed) {
        return new Message(MessageType.STORAGE_APPLY, NodeId.APPLY_THREAD, core.id, 0, 0, 0, committed, 0, null, false, 0,
                null, 0, List.of(storageApplyResponse(committed)));
    }

    private Message storageApplyResponse(EntrySlice committed) {
        return Message.carrying(MessageType.STORAGE_APPLY_RESP, core.id, NodeId.APPLY_THREAD, committed);
    }
}
