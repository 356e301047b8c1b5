package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log a snapshot stands: raftpb.SnapshotMetadata. Index and term are always written.
 *
 * @param confState the members as of the snapshot; null in a message that carries no snapshot
 * @param index the last index it covers, unsigned
 * @param term that entry's term, unsigned
 */
public record SnapshotMetadata(@Nullable ConfState confState, long index, long term) {

    private static final int CONF_STATE = 1 << 3 | Wire.BYTES;
    private static final int INDEX = 2 << 3 | Wire.VARINT;
    private static final int TERM = 3 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static SnapshotMetadata decode(Bytes message) {
        @Nullable Bytes confState = null;
        long index = 0;
        long term = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case CONF_STATE -> confState = ProtoReader.merged(confState, reader.bytes());
                case INDEX -> index = reader.varint();
                case TERM -> term = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new SnapshotMetadata(confState == null ? null : ConfState.decode(confState), index, term);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return (confState == null ? 0 : Wire.sizeOfBytesField(1, confState.encodedLength()))
                + Wire.sizeOfVarintField(2, index) + Wire.sizeOfVarintField(3, term);
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        if (confState != null) {
            to.message(1, confState.encodedLength());
            confState.encode(to);
        }
        to.varintField(2, index);
        to.varintField(3, term);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
