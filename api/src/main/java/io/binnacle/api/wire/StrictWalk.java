package io.binnacle.api.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.binnacle.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges the structure of a request before its bytes go verbatim into a log entry, without decoding it.
 *
 * <p>An entry that one member cannot decode stops that member at every replay, and one that two members decode
 * differently makes their stores differ. So the walk knows both decoders: google.golang.org/protobuf as etcd 3.7 uses
 * it, and the generated code of gogo/protobuf in etcd 3.6. What 3.7 refuses is {@link Malformed}; what 3.7 accepts but
 * 3.6 refuses or reads differently is {@link Reencode}: a known field with another wire type, and a sub-message of a
 * oneof given twice, which 3.7 merges and 3.6 replaces. Both may be answered as a gRPC server of 3.7 answers them, but
 * only the request decoded and encoded anew may be logged.
 *
 * <p>Immutable; one per message type serves all threads. The walk needs no call stack for nested messages.
 */
public final class StrictWalk {

    /** Levels of messages; one less than Go's limit, since the envelope of the log entry is a level too. */
    static final int NESTING_MAX = Wire.NESTING_MAX - 1;
    /** How deeply a request may be nested that must be encoded anew; encoding goes a call deeper for each level. */
    static final int REENCODE_NESTING_MAX = 200;

    /** What the walk found. */
    public sealed interface Verdict {}

    /** Every member decodes these bytes, and to the same request. */
    public record Ok() implements Verdict {}

    /**
     * A valid request, but its bytes must not be logged as they are.
     *
     * @param reason what in them members of 3.6 refuse or read differently
     */
    public record Reencode(String reason) implements Verdict {}

    /**
     * Not a message of this type.
     *
     * @param reason what is wrong, in our words: etcd's own wording here is its decoder's and no part of the API
     */
    public record Malformed(String reason) implements Verdict {}

    private static final Ok OK = new Ok();

    private final Shape root;

    private StrictWalk(Shape root) {
        this.root = root;
    }

    /** The walk for a message type. Build it once and keep it. */
    public static StrictWalk of(Descriptor type) {
        return new StrictWalk(Shape.of(type, new HashMap<>()));
    }

    /** Judges a request. */
    public Verdict judge(Bytes request) {
        try {
            return new Walk(root, request).run();
        } catch (ProtoFormatException malformed) {
            return new Malformed(String.valueOf(malformed.getMessage()));
        }
    }

    /** The fields of a message type, found by number. */
    private static final class Shape {
        private final @Nullable Field[] fields;

        private Shape(int maxNumber) {
            fields = new @Nullable Field[maxNumber + 1];
        }

        static Shape of(Descriptor type, Map<String, Shape> known) {
            Shape existing = known.get(type.getFullName());
            if (existing != null) return existing; // a transaction holds transactions
            int maxNumber = 0;
            for (FieldDescriptor field : type.getFields()) maxNumber = Math.max(maxNumber, field.getNumber());
            Shape shape = new Shape(maxNumber);
            known.put(type.getFullName(), shape);
            for (FieldDescriptor field : type.getFields()) {
                boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                shape.fields[field.getNumber()] = new Field(
                        field.getLiteType().getWireType(),
                        field.isPackable(),
                        field.getType() == FieldDescriptor.Type.STRING,
                        field.getRealContainingOneof() != null,
                        message ? of(field.getMessageType(), known) : null);
            }
            return shape;
        }

        @Nullable Field field(int number) {
            return number < fields.length ? fields[number] : null;
        }
    }

    private record Field(int wireType, boolean packable, boolean text, boolean inOneof, @Nullable Shape message) {}

    /** One walk: the messages that are open, innermost last, on a stack of its own. */
    private static final class Walk {
        private final ProtoReader reader;
        private Shape[] shapes = new Shape[8];
        private int[] outerEnds = new int[8];
        private int[] chosen = new int[8]; // the field of the oneof set last; no message here has two oneofs
        private int depth;
        private int deepest;
        private @Nullable String oddity;

        Walk(Shape root, Bytes request) {
            reader = new ProtoReader(request);
            shapes[0] = root;
        }

        Verdict run() {
            while (true) {
                int tag = reader.next();
                if (tag != 0) {
                    take(tag);
                } else if (depth == 0) {
                    return verdict();
                } else {
                    reader.leave(outerEnds[depth--]);
                }
            }
        }

        private Verdict verdict() {
            if (oddity == null) return OK;
            if (deepest < REENCODE_NESTING_MAX) return new Reencode(oddity);
            return new Malformed(oddity + ", nested too deeply to be encoded anew");
        }

        private void take(int tag) {
            int number = ProtoReader.field(tag);
            int wireType = tag & 7;
            Field field = shapes[depth].field(number);
            if (field == null) {
                reader.skip(tag);
            } else if (wireType == field.wireType) {
                take(field, number, tag);
            } else if (wireType == Wire.BYTES && field.packable) {
                takePacked(field);
            } else {
                oddity = "field " + number + " with wire type " + wireType;
                reader.skip(tag);
            }
        }

        private void take(Field field, int number, int tag) {
            if (field.inOneof) {
                if (field.message != null && chosen[depth] == number) oddity = "field " + number + " of a oneof given twice";
                chosen[depth] = number;
            }
            if (field.message != null) {
                open(field.message);
            } else if (field.text) {
                requireUtf8(reader.bytes());
            } else {
                reader.skip(tag);
            }
        }

        private void takePacked(Field field) {
            int outer = reader.enter();
            while (!reader.atEnd()) reader.skip(field.wireType);
            reader.leave(outer);
        }

        private void open(Shape message) {
            if (++depth >= NESTING_MAX) throw new ProtoFormatException("messages nested too deeply");
            if (depth == shapes.length) {
                shapes = Arrays.copyOf(shapes, 2 * depth);
                outerEnds = Arrays.copyOf(outerEnds, 2 * depth);
                chosen = Arrays.copyOf(chosen, 2 * depth);
            }
            outerEnds[depth] = reader.enter();
            shapes[depth] = message;
            chosen[depth] = 0;
            deepest = Math.max(deepest, depth);
        }

        private static void requireUtf8(Bytes text) {
            ByteBuffer bytes = text.asByteBuffer();
            try {
                StandardCharsets.UTF_8.newDecoder().decode(bytes); // reports what is malformed, unlike String's constructor
            } catch (CharacterCodingException notUtf8) {
                throw new ProtoFormatException("a string that is not UTF-8");
            }
        }
    }
}
