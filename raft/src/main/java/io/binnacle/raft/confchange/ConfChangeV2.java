package io.binnacle.raft.confchange;

import io.binnacle.base.Bytes;
import io.binnacle.raft.EntryType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of any number of members, raftpb.ConfChangeV2. One without changes leaves a joint membership.
 *
 * @param transition how; null (not on the wire): {@link Transition#AUTO}
 * @param changes what happens, in order
 * @param context the caller's own
 */
public record ConfChangeV2(@Nullable Transition transition, List<ConfChangeSingle> changes, @Nullable Bytes context)
        implements MembershipChange {

    /** Leaves a joint membership. */
    public static final ConfChangeV2 LEAVE_JOINT = new ConfChangeV2(null, List.of(), null);

    /** Copies the list. */
    public ConfChangeV2 {
        changes = List.copyOf(changes);
    }

    /** Whether it leaves a joint membership. */
    public boolean leavesJoint() {
        return (transition == null || transition == Transition.AUTO) && changes.isEmpty();
    }

    /** Whether it goes through a joint membership. */
    public boolean entersJoint() {
        return (transition != null && transition != Transition.AUTO) || changes.size() > 1;
    }

    /** Whether the joint membership that it enters is left automatically. */
    public boolean autoLeave() {
        return transition != Transition.JOINT_EXPLICIT;
    }

    @Override
    public EntryType entryType() {
        return EntryType.CONF_CHANGE_V2;
    }

    @Override
    public Bytes encode() {
        return ChangeCodec.encode(this);
    }

    @Override
    public ConfChangeV2 asV2() {
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (transition != null) text.append(" transition:").append(transition.label());
        for (ConfChangeSingle change : changes) text.append(" changes:{").append(change).append('}');
        if (context != null) text.append(" context:").append(context);
        return text.isEmpty() ? "" : text.substring(1);
    }
}
