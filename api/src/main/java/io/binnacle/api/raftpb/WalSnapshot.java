package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The log's note that a snapshot exists: walpb.Snapshot. Index and term are always written.
 *
 * @param index the last index it covers, unsigned; 0 in the first record of a log
 * @param term that entry's term, unsigned
 * @param confState the members as of then; null only if the index is 0
 */
public record WalSnapshot(long index, long term, @Nullable ConfState confState) {

    private static final int INDEX = 1 << 3 | Wire.VARINT;
    private static final int TERM = 2 << 3 | Wire.VARINT;
    private static final int CONF_STATE = 3 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static WalSnapshot decode(Bytes message) {
        long index = 0;
        long term = 0;
        @Nullable Bytes confState = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case INDEX -> index = reader.varint();
                case TERM -> term = reader.varint();
                case CONF_STATE -> confState = ProtoReader.merged(confState, reader.bytes());
                default -> reader.skip(tag);
            }
        }
        return new WalSnapshot(index, term, confState == null ? null : ConfState.decode(confState));
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeOfVarintField(1, index) + Wire.sizeOfVarintField(2, term)
                + (confState == null ? 0 : Wire.sizeOfBytesField(3, confState.encodedLength()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.varintField(1, index);
        to.varintField(2, term);
        if (confState != null) {
            to.message(3, confState.encodedLength());
            confState.encode(to);
        }
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
