package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of several members at once: raftpb.ConfChangeV2. etcd never proposes one.
 *
 * @param transition 0 automatic, 1 joint and left by the leader, 2 joint and left on request; written unless it is 0
 * @param changes what changes, in order
 * @param context what the proposer attached; null if nothing
 */
public record ConfChangeV2(int transition, List<Single> changes, @Nullable Bytes context) {

    private static final int TRANSITION = 1 << 3 | Wire.VARINT;
    private static final int CHANGES = 2 << 3 | Wire.BYTES;
    private static final int CONTEXT = 3 << 3 | Wire.BYTES;

    /** Copies the list. */
    public ConfChangeV2 {
        changes = List.copyOf(changes);
    }

    /**
     * One member's change: raftpb.ConfChangeSingle. Both fields are always written.
     *
     * @param type 0 add voter, 1 remove, 2 update, 3 add learner
     * @param nodeId the member, unsigned
     */
    public record Single(int type, long nodeId) {

        private static final int TYPE = 1 << 3 | Wire.VARINT;
        private static final int NODE_ID = 2 << 3 | Wire.VARINT;

        static Single decode(Bytes message) {
            int type = 0;
            long nodeId = 0;
            ProtoReader reader = new ProtoReader(message);
            for (int tag; (tag = reader.next()) != 0;) {
                switch (tag) {
                    case TYPE -> type = (int) reader.varint();
                    case NODE_ID -> nodeId = reader.varint();
                    default -> reader.skip(tag);
                }
            }
            return new Single(type, nodeId);
        }

        int encodedLength() {
            return Wire.sizeOfVarintField(1, type) + Wire.sizeOfVarintField(2, nodeId);
        }
    }

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static ConfChangeV2 decode(Bytes message) {
        int transition = 0;
        List<Single> changes = new ArrayList<>();
        @Nullable Bytes context = null;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case TRANSITION -> transition = (int) reader.varint();
                case CHANGES -> changes.add(Single.decode(reader.bytes()));
                case CONTEXT -> context = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new ConfChangeV2(transition, changes, context);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        int length = Wire.sizeUnlessZero(1, transition);
        for (Single change : changes) length += Wire.sizeOfBytesField(2, change.encodedLength());
        return length + (context == null ? 0 : Wire.sizeOfBytesField(3, context.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.unlessZero(1, transition);
        for (Single change : changes) {
            to.message(2, change.encodedLength());
            to.varintField(1, change.type);
            to.varintField(2, change.nodeId);
        }
        if (context != null) to.bytesField(3, context);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
