package io.binnacle.raft;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log; raftpb.Entry with presence kept, since a member writes again what it received.
 *
 * @param type what the data is
 * @param typeSet whether the type is on the wire: not for plain proposals and the empty entry of a new leader
 * @param term leader's term that made it; 0 while it is only proposed
 * @param index place in the log, from 1; 0 while it is only proposed
 * @param data the command, or null where the field is absent
 */
public record Entry(EntryType type, boolean typeSet, long term, long index, @Nullable Bytes data) {

    /** A command that is to be proposed. */
    public static Entry proposed(@Nullable Bytes data) {
        return new Entry(EntryType.NORMAL, false, 0, 0, data);
    }

    /** The same entry at its place in the log. */
    public Entry at(long placedTerm, long placedIndex) {
        return new Entry(type, typeSet, placedTerm, placedIndex, data);
    }

    /** Whether it changes the membership. */
    public boolean changesMembership() {
        return type != EntryType.NORMAL;
    }

    /** Bytes of data. */
    public int dataBytes() {
        return data == null ? 0 : data.length();
    }

    /** Bytes of the encoded raftpb.Entry, which is what size limits count. */
    public long encodedBytes() {
        long bytes = 2L + varintBytes(term) + varintBytes(index);
        if (typeSet) bytes += 2;
        if (data != null) bytes += 1 + varintBytes(data.length()) + data.length();
        return bytes;
    }

    private static int varintBytes(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
