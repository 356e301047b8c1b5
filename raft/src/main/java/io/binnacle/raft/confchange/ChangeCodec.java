package io.binnacle.raft.confchange;

import io.binnacle.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of raftpb.ConfChange, ConfChangeSingle and ConfChangeV2 (proto2, fields in ascending order). Field numbers are
 * those of etcd's raft.proto; unknown fields are skipped.
 */
final class ChangeCodec {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private ChangeCodec() {}

    static Bytes encode(ConfChange change) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (change.idSet()) writeNumber(out, 1, change.id());
        writeNumber(out, 2, change.type().number());
        writeNumber(out, 3, change.nodeId());
        Bytes context = change.context();
        if (context != null) writeBytes(out, 4, context);
        return Bytes.of(out.toByteArray());
    }

    static Bytes encode(ConfChangeV2 change) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Transition transition = change.transition();
        if (transition != null) writeNumber(out, 1, transition.number());
        for (ConfChangeSingle single : change.changes()) {
            ByteArrayOutputStream inner = new ByteArrayOutputStream();
            writeNumber(inner, 1, single.type().number());
            writeNumber(inner, 2, single.nodeId());
            writeBytes(out, 2, Bytes.of(inner.toByteArray()));
        }
        Bytes context = change.context();
        if (context != null) writeBytes(out, 3, context);
        return Bytes.of(out.toByteArray());
    }

    static ConfChange decodeV1(Bytes data) {
        long id = 0;
        boolean idSet = false;
        ConfChangeType type = ConfChangeType.ADD_NODE;
        long nodeId = 0;
        @Nullable Bytes context = null;
        Reader in = new Reader(data);
        while (in.next()) {
            switch (in.field) {
                case 1 -> {
                    id = in.number();
                    idSet = true;
                }
                case 2 -> type = ConfChangeType.ofNumber(in.number());
                case 3 -> nodeId = in.number();
                case 4 -> context = in.bytes();
                default -> in.skip();
            }
        }
        return new ConfChange(id, idSet, type, nodeId, context);
    }

    static ConfChangeV2 decodeV2(Bytes data) {
        @Nullable Transition transition = null;
        List<ConfChangeSingle> changes = new ArrayList<>();
        @Nullable Bytes context = null;
        Reader in = new Reader(data);
        while (in.next()) {
            switch (in.field) {
                case 1 -> transition = Transition.ofNumber(in.number());
                case 2 -> changes.add(decodeSingle(in.bytes()));
                case 3 -> context = in.bytes();
                default -> in.skip();
            }
        }
        return new ConfChangeV2(transition, changes, context);
    }

    private static ConfChangeSingle decodeSingle(Bytes data) {
        ConfChangeType type = ConfChangeType.ADD_NODE;
        long nodeId = 0;
        Reader in = new Reader(data);
        while (in.next()) {
            switch (in.field) {
                case 1 -> type = ConfChangeType.ofNumber(in.number());
                case 2 -> nodeId = in.number();
                default -> in.skip();
            }
        }
        return new ConfChangeSingle(type, nodeId);
    }

    private static void writeNumber(ByteArrayOutputStream out, int field, long value) {
        out.write((field << 3) | VARINT);
        writeVarint(out, value);
    }

    private static void writeBytes(ByteArrayOutputStream out, int field, Bytes value) {
        out.write((field << 3) | BYTES);
        writeVarint(out, value.length());
        out.write(value.array(), value.offset(), value.length());
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** One pass over the fields of a message. */
    private static final class Reader {
        private final Bytes data;
        private int position;
        private int field;
        private int wireType;

        Reader(Bytes data) {
            this.data = data;
        }

        boolean next() {
            if (position == data.length()) return false;
            long tag = varint();
            if (tag >>> 3 == 0 || tag >>> 32 != 0) throw new MalformedChange("field tag " + tag);
            field = (int) (tag >>> 3);
            wireType = (int) (tag & 7);
            return true;
        }

        long number() {
            if (wireType != VARINT) throw new MalformedChange("field " + field + " is no number");
            return varint();
        }

        Bytes bytes() {
            if (wireType != BYTES) throw new MalformedChange("field " + field + " is no bytes");
            long length = varint();
            if (length < 0 || length > data.length() - position) throw new MalformedChange("field " + field + " is cut off");
            int start = position;
            position += (int) length;
            return data.slice(start, position);
        }

        void skip() {
            switch (wireType) {
                case VARINT -> varint();
                case BYTES -> bytes();
                case FIXED64 -> advance(8);
                case FIXED32 -> advance(4);
                default -> throw new MalformedChange("wire type " + wireType);
            }
        }

        private void advance(int bytes) {
            if (bytes > data.length() - position) throw new MalformedChange("field " + field + " is cut off");
            position += bytes;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                if (position == data.length()) throw new MalformedChange("a varint is cut off");
                byte next = data.at(position++);
                value |= (next & 0x7FL) << shift;
                if (next >= 0) return value;
            }
            throw new MalformedChange("a varint is too long");
        }
    }
}
