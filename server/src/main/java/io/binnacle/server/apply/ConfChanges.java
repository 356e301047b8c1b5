package io.binnacle.server.apply;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.raft.confchange.ConfChangeV2;
import io.binnacle.raft.confchange.MembershipChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies entries that change the membership: validates them against the members as they are, stores what they change
 * and says what the consensus core is to be told (shared contract: formats.md §5.4). Apply agent only.
 */
public final class ConfChanges {

    private static final Bytes CONF_STATE = Bytes.utf8("confState");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Membership membership;
    private final Backend backend;
    private final int learnersMax;

    /** {@code learnersMax}: how many learners there may be. */
    public ConfChanges(Membership membership, Backend backend, int learnersMax) {
        this.membership = membership;
        this.backend = backend;
        this.learnersMax = learnersMax;
    }

    /**
     * What became of a change.
     *
     * @param change for the core; one that was refused names nobody, and so changes nothing there
     * @param requestId by which the proposer waits; 0 for none
     */
    public record Applied(ConfChange change, long requestId, Outcome outcome) {}

    /** Applies the entry's change, or refuses it. */
    public Applied apply(long index, @Nullable Bytes data) {
        ConfChange change = switch (MembershipChange.of(EntryType.CONF_CHANGE, data)) {
            case ConfChange one -> one;
            case ConfChangeV2 _ -> throw new IllegalStateException("entry " + index + " changes several members at once");
        };
        Refusal refusal = carryOut(index, change);
        if (refusal == null) {
            storeConfState();
            return new Applied(change, change.id(), new Outcome.Done(0, Bytes.EMPTY));
        }
        ConfChange nobody = new ConfChange(change.id(), change.idSet(), change.type(), NodeId.NONE, change.context());
        return new Applied(nobody, change.id(), new Outcome.Refused(refusal));
    }

    private @Nullable Refusal carryOut(long index, ConfChange change) {
        return switch (change.type()) {
            case ADD_NODE, ADD_LEARNER_NODE -> add(index, change);
            case REMOVE_NODE -> {
                Refusal refusal = membership.mayRemove(change.nodeId());
                if (refusal == null) membership.remove(change.nodeId());
                yield refusal;
            }
            case UPDATE_NODE -> {
                Member wanted = member(index, change);
                Refusal refusal = membership.mayUpdate(wanted);
                Member present = membership.state().member(wanted.id());
                if (refusal == null && present != null) membership.put(present.withPeerUrls(wanted.peerUrls()));
                yield refusal;
            }
        };
    }

    private @Nullable Refusal add(long index, ConfChange change) {
        Member wanted = member(index, change);
        boolean promote = isPromotion(index, change);
        Refusal refusal = membership.mayAdd(wanted, promote, learnersMax);
        if (refusal != null) return refusal;
        Member present = membership.state().member(wanted.id());
        membership.put(promote && present != null ? present.promoted() : wanted);
        return null;
    }

    private static Member member(long index, ConfChange change) {
        try {
            Member member = Member.fromJson(change.context() == null ? Bytes.EMPTY : change.context());
            if (member.id() == change.nodeId()) return member;
            throw new IllegalStateException("entry " + index + " changes member " + Member.hex(change.nodeId())
                    + " but describes " + Member.hex(member.id()));
        } catch (IOException malformed) {
            throw new UnreadableEntry(index, malformed.getMessage(), malformed);
        }
    }

    private static boolean isPromotion(long index, ConfChange change) {
        Bytes context = change.context() == null ? Bytes.EMPTY : change.context();
        try {
            return JSON.readTree(context.array(), context.offset(), context.length()).path("isPromote").asBoolean(false);
        } catch (IOException malformed) {
            throw new UnreadableEntry(index, malformed.getMessage(), malformed);
        }
    }

    /** The record that etcd keeps of who votes, in its form: lists left out when empty. */
    private void storeConfState() {
        List<String> voters = new ArrayList<>();
        List<String> learners = new ArrayList<>();
        for (Member member : membership.state().members()) {
            (member.learner() ? learners : voters).add(Long.toUnsignedString(member.id()));
        }
        StringBuilder json = new StringBuilder("{");
        if (!voters.isEmpty()) json.append("\"voters\":[").append(String.join(",", voters)).append("],");
        if (!learners.isEmpty()) json.append("\"learners\":[").append(String.join(",", learners)).append("],");
        backend.put(Bucket.META, CONF_STATE, Bytes.utf8(json.append("\"auto_leave\":false}").toString()));
    }
}
