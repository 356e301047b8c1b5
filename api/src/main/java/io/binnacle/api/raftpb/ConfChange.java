package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A change of one member: raftpb.ConfChange. Type and member are always written, the id unless it is 0.
 *
 * @param id by which the proposer waits, unsigned; 0 in changes that nobody waits for
 * @param type 0 add voter, 1 remove, 2 update, 3 add learner
 * @param nodeId the member, unsigned; 0 makes it a change of nothing
 * @param context etcd's description of the member in JSON; null if there is none
 */
public record ConfChange(long id, int type, long nodeId, @Nullable Bytes context) {

    private static final int ID = 1 << 3 | Wire.VARINT;
    private static final int TYPE = 2 << 3 | Wire.VARINT;
    private static final int NODE_ID = 3 << 3 | Wire.VARINT;
    private static final int CONTEXT = 4 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static ConfChange decode(Bytes message) {
        long id = 0;
        int type = 0;
        long nodeId = 0;
        @Nullable Bytes context = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case ID -> id = reader.varint();
                case TYPE -> type = (int) reader.varint();
                case NODE_ID -> nodeId = reader.varint();
                case CONTEXT -> context = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new ConfChange(id, type, nodeId, context);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeUnlessZero(1, id) + Wire.sizeOfVarintField(2, type) + Wire.sizeOfVarintField(3, nodeId)
                + (context == null ? 0 : Wire.sizeOfBytesField(4, context.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.unlessZero(1, id);
        to.varintField(2, type);
        to.varintField(3, nodeId);
        if (context != null) to.bytesField(4, context);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
