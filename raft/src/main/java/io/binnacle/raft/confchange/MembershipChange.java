package io.binnacle.raft.confchange;

import io.binnacle.base.Bytes;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntryType;
import org.jspecify.annotations.Nullable;

/** What a membership entry carries, in the old form or the new one. */
public sealed interface MembershipChange permits ConfChange, ConfChangeV2 {

    /** The type of its entry. */
    EntryType entryType();

    /** The encoded raftpb message. */
    Bytes encode();

    /** The same in the form that can say everything. */
    ConfChangeV2 asV2();

    /** The entry that proposes it. */
    default Entry toEntry() {
        return new Entry(entryType(), true, 0, 0, encode());
    }

    /**
     * Decodes the data of a membership entry.
     *
     * @throws MalformedChange if it is none
     */
    static MembershipChange of(EntryType type, @Nullable Bytes data) {
        Bytes encoded = data == null ? Bytes.EMPTY : data;
        return switch (type) {
            case CONF_CHANGE -> ChangeCodec.decodeV1(encoded);
            case CONF_CHANGE_V2 -> ChangeCodec.decodeV2(encoded);
            case NORMAL -> throw new IllegalArgumentException("no membership entry");
        };
    }
}
