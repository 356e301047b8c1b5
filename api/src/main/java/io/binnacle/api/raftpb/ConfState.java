package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Who belongs to the cluster: raftpb.ConfState. Ids are unsigned and written one field each, never packed.
 *
 * @param voters the voters
 * @param learners the learners
 * @param votersOutgoing the voters of the configuration that is being left
 * @param learnersNext the voters that become learners when it is left
 * @param autoLeave whether the leader leaves a joint configuration by itself
 * @param autoLeaveSet whether that is written though it is false
 */
public record ConfState(List<Long> voters, List<Long> learners, List<Long> votersOutgoing, List<Long> learnersNext,
        boolean autoLeave, boolean autoLeaveSet) {

    private static final int AUTO_LEAVE = 5 << 3 | Wire.VARINT;

    /** Copies the lists. */
    public ConfState {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        votersOutgoing = List.copyOf(votersOutgoing);
        learnersNext = List.copyOf(learnersNext);
    }

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static ConfState decode(Bytes message) {
        List<List<Long>> ids = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        boolean autoLeave = false;
        boolean autoLeaveSet = false;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            int field = ProtoReader.field(tag);
            if (field <= 4 && (tag & 7) == Wire.VARINT) {
                ids.get(field - 1).add(reader.varint());
            } else if (field <= 4 && (tag & 7) == Wire.BYTES) { // packed: nobody writes it, every reader accepts it
                int outer = reader.enter();
                while (!reader.atEnd()) ids.get(field - 1).add(reader.varint());
                reader.leave(outer);
            } else if (tag == AUTO_LEAVE) {
                autoLeave = reader.bool();
                autoLeaveSet = true;
            } else {
                reader.skip(tag);
            }
        }
        return new ConfState(ids.get(0), ids.get(1), ids.get(2), ids.get(3), autoLeave, autoLeaveSet);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return length(1, voters) + length(2, learners) + length(3, votersOutgoing) + length(4, learnersNext)
                + (autoLeaveSet ? 2 : 0);
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        write(to, 1, voters);
        write(to, 2, learners);
        write(to, 3, votersOutgoing);
        write(to, 4, learnersNext);
        if (autoLeaveSet) to.varintField(5, autoLeave ? 1 : 0);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }

    private static int length(int field, List<Long> ids) {
        int length = 0;
        for (long id : ids) length += Wire.sizeOfVarintField(field, id);
        return length;
    }

    private static void write(ProtoWriter to, int field, List<Long> ids) {
        for (long id : ids) to.varintField(field, id);
    }
}
