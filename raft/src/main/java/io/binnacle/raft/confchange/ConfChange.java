package io.binnacle.raft.confchange;

import io.binnacle.base.Bytes;
import io.binnacle.raft.EntryType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of one member, raftpb.ConfChange: the form that etcd uses.
 *
 * @param id the caller's id of the request
 * @param idSet whether the id is on the wire: not in the entries that found a group
 * @param type what happens
 * @param nodeId to whom; 0: to nobody, so the change was refused when it was applied
 * @param context the caller's own
 */
public record ConfChange(long id, boolean idSet, ConfChangeType type, long nodeId, @Nullable Bytes context)
        implements MembershipChange {

    @Override
    public EntryType entryType() {
        return EntryType.CONF_CHANGE;
    }

    @Override
    public Bytes encode() {
        return ChangeCodec.encode(this);
    }

    @Override
    public ConfChangeV2 asV2() {
        return new ConfChangeV2(null, List.of(new ConfChangeSingle(type, nodeId)), context);
    }

    @Override
    public String toString() {
        String text = "type:" + type.label() + " node_id:" + Long.toUnsignedString(nodeId);
        if (idSet) text = "id:" + Long.toUnsignedString(id) + " " + text;
        return context == null ? text : text + " context:" + context;
    }
}
