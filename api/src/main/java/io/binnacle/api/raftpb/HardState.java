package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * What a member must not forget: raftpb.HardState. All three are always written.
 *
 * @param term the term, unsigned
 * @param vote whom it voted for in this term, unsigned, 0 for nobody
 * @param commit the last index known to be committed, unsigned
 */
public record HardState(long term, long vote, long commit) {

    private static final int TERM = 1 << 3 | Wire.VARINT;
    private static final int VOTE = 2 << 3 | Wire.VARINT;
    private static final int COMMIT = 3 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static HardState decode(Bytes message) {
        long term = 0;
        long vote = 0;
        long commit = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case TERM -> term = reader.varint();
                case VOTE -> vote = reader.varint();
                case COMMIT -> commit = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new HardState(term, vote, commit);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeOfVarintField(1, term) + Wire.sizeOfVarintField(2, vote) + Wire.sizeOfVarintField(3, commit);
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.varintField(1, term);
        to.varintField(2, vote);
        to.varintField(3, commit);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
