package io.binnacle.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Encodings of a message type as nobody writes but everybody must read them: fields in any order and repeated, messages
 * in parts, oneofs given twice, unknown fields and groups, varints longer than they need be.
 */
public final class RandomEncoding {

    private static final int DEPTH_MAX = 5;

    private final RandomGenerator random;
    private final boolean plain;
    /** One field in this many has a wire type that is not its own; 0 for none. */
    private final int wrongTypeOneIn;
    private boolean oneofsTogether;

    /** Plain ones are what a client writes, apart from their order. */
    public RandomEncoding(RandomGenerator random, boolean plain, int wrongTypeOneIn) {
        this.random = random;
        this.plain = plain;
        this.wrongTypeOneIn = wrongTypeOneIn;
    }

    /**
     * Messages of one oneof stand together from now on. protobuf-java remembers the first of a, b, a when it reads the
     * second; Go does not, and Go is what we must agree with.
     */
    public RandomEncoding oneofsTogether() {
        oneofsTogether = true;
        return this;
    }

    /** An encoding of this type. */
    public Bytes of(Descriptor type) {
        return of(type, 0);
    }

    private Bytes of(Descriptor type, int depth) {
        List<Bytes> fields = new ArrayList<>();
        for (FieldDescriptor field : type.getFields()) {
            for (int times = times(field, depth); times > 0; times--) fields.add(field(field, depth));
        }
        if (!plain && random.nextInt(3) == 0) fields.add(unknown(type));
        Collections.shuffle(fields, new Random(random.nextLong()));
        if (oneofsTogether) fields.sort(Comparator.comparingInt(field -> memberOfMessages(type, field)));
        ProtoWriter writer = new ProtoWriter(64);
        fields.forEach(writer::raw);
        return writer.take();
    }

    private static int memberOfMessages(Descriptor type, Bytes encoded) {
        int number = ProtoReader.field(new ProtoReader(encoded).next());
        FieldDescriptor field = type.findFieldByNumber(number);
        boolean member = field != null && field.getRealContainingOneof() != null
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        return member ? number : 0;
    }

    private int times(FieldDescriptor field, int depth) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth >= DEPTH_MAX) return 0;
        if (field.isRepeated()) return random.nextInt(3);
        if (plain) return field.getRealContainingOneof() != null ? (random.nextInt(4) == 0 ? 1 : 0) : random.nextInt(2);
        int draw = random.nextInt(8);
        return draw < 4 ? 0 : draw < 7 ? 1 : 2;
    }

    private Bytes field(FieldDescriptor field, int depth) {
        ProtoWriter writer = new ProtoWriter(16);
        int wireType = field.getLiteType().getWireType();
        if (wrongTypeOneIn != 0 && random.nextInt(wrongTypeOneIn) == 0) wireType = otherThan(wireType, field.isPackable());
        else if (field.isPackable() && random.nextInt(4) == 0) return packed(field);
        varint(writer, (long) field.getNumber() << 3 | wireType);
        switch (wireType) {
            case Wire.VARINT -> varint(writer, number(field));
            case Wire.FIXED64 -> writer.raw(noise(8));
            case Wire.FIXED32 -> writer.raw(noise(4));
            default -> {
                Bytes content = switch (field.getJavaType()) {
                    case MESSAGE -> of(field.getMessageType(), depth + 1);
                    case STRING -> Bytes.utf8("ä€😀 text".substring(0, random.nextInt(3)) + random.nextInt(100));
                    default -> noise(random.nextInt(12) == 0 ? random.nextInt(300) : random.nextInt(6));
                };
                varint(writer, content.length());
                writer.raw(content);
            }
        }
        return writer.take();
    }

    /** Not bytes in place of numbers that may be packed, for that is no wrong type. */
    private int otherThan(int wireType, boolean packable) {
        int[] choices = packable ? new int[] {Wire.FIXED32, Wire.FIXED64} : new int[] {Wire.VARINT, Wire.BYTES, Wire.FIXED32};
        int chosen = choices[random.nextInt(choices.length)];
        return chosen == wireType ? Wire.FIXED64 : chosen;
    }

    private Bytes packed(FieldDescriptor field) {
        ProtoWriter content = new ProtoWriter(16);
        for (int count = random.nextInt(4); count > 0; count--) varint(content, number(field));
        ProtoWriter writer = new ProtoWriter(16);
        writer.bytesField(field.getNumber(), content.take());
        return writer.take();
    }

    private long number(FieldDescriptor field) {
        if (plain && field.getType() == FieldDescriptor.Type.BOOL) return random.nextInt(2);
        if (plain && field.getType() == FieldDescriptor.Type.ENUM) return random.nextInt(5);
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(5);
            case 3 -> random.nextLong();
            default -> random.nextLong() >>> random.nextInt(64);
        };
    }

    private Bytes unknown(Descriptor type) {
        int number = switch (random.nextInt(3)) {
            case 0 -> 15;
            case 1 -> 5000 + random.nextInt(1000);
            default -> Wire.FIELD_NUMBER_MAX;
        };
        if (type.findFieldByNumber(number) != null) number = 4999;
        ProtoWriter writer = new ProtoWriter(16);
        int wireType = random.nextInt(6);
        if (wireType == Wire.GROUP_END) wireType = Wire.GROUP_START;
        writer.tag(number, wireType);
        switch (wireType) {
            case Wire.VARINT -> varint(writer, random.nextLong());
            case Wire.FIXED64 -> writer.raw(noise(8));
            case Wire.FIXED32 -> writer.raw(noise(4));
            case Wire.BYTES -> {
                writer.varint(3);
                writer.raw(noise(3));
            }
            default -> {
                writer.varintField(7, random.nextLong());
                writer.tag(8, Wire.GROUP_START);
                writer.tag(8, Wire.GROUP_END);
                writer.tag(number, Wire.GROUP_END);
            }
        }
        return writer.take();
    }

    /** A varint, now and then with bytes that say nothing. */
    private void varint(ProtoWriter writer, long value) {
        if (plain || random.nextInt(10) != 0) {
            writer.varint(value);
            return;
        }
        int size = Wire.sizeOfVarint(value);
        int padded = Math.min(size + random.nextInt(4), 10);
        byte[] bytes = new byte[padded];
        for (int at = 0; at < padded; at++) {
            bytes[at] = (byte) (((value >>> (7 * at)) & 0x7F) | (at < padded - 1 ? 0x80 : 0));
        }
        writer.raw(Bytes.of(bytes));
    }

    private Bytes noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
