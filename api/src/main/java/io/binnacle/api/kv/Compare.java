package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * A guard of a transaction: etcd's Compare. {@code target} says what to compare, the operand what with; a client may send
 * an operand that does not fit the target, so both are kept.
 *
 * @param result 0 equal, 1 greater, 2 less, 3 not equal; any other number may arrive
 * @param target 0 version, 1 create revision, 2 mod revision, 3 value, 4 lease; any other number may arrive
 * @param key the key, or the first of a range
 * @param operandField the field of the operand that came: 4 version, 5 create_revision, 6 mod_revision, 7 value,
 *     8 lease; 0 if none came
 * @param number the operand unless it is a value, else 0
 * @param value the operand if it is a value, else empty
 * @param rangeEnd the end of the range, exclusive, empty for the one key
 */
public record Compare(int result, int target, Bytes key, int operandField, long number, Bytes value, Bytes rangeEnd) {

    private static final int RESULT = 1 << 3 | Wire.VARINT;
    private static final int TARGET = 2 << 3 | Wire.VARINT;
    private static final int KEY = 3 << 3 | Wire.BYTES;
    private static final int VERSION = 4 << 3 | Wire.VARINT;
    private static final int CREATE_REVISION = 5 << 3 | Wire.VARINT;
    private static final int MOD_REVISION = 6 << 3 | Wire.VARINT;
    private static final int VALUE = 7 << 3 | Wire.BYTES;
    private static final int LEASE = 8 << 3 | Wire.VARINT;
    private static final int RANGE_END = 64 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Compare decode(Bytes message) {
        int result = 0;
        int target = 0;
        Bytes key = Bytes.EMPTY;
        int operandField = 0;
        long number = 0;
        Bytes value = Bytes.EMPTY;
        Bytes rangeEnd = Bytes.EMPTY;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case RESULT -> result = (int) reader.varint();
                case TARGET -> target = (int) reader.varint();
                case KEY -> key = reader.bytes();
                case VERSION, CREATE_REVISION, MOD_REVISION, LEASE -> {
                    operandField = ProtoReader.field(tag);
                    number = reader.varint();
                    value = Bytes.EMPTY;
                }
                case VALUE -> {
                    operandField = ProtoReader.field(tag);
                    number = 0;
                    value = reader.bytes();
                }
                case RANGE_END -> rangeEnd = reader.bytes();
                default -> reader.skip(tag);
            }
        }
        return new Compare(result, target, key, operandField, number, value, rangeEnd);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        int operand = switch (operandField) {
            case 0 -> 0;
            case 7 -> Wire.sizeOfBytesField(7, value.length());
            default -> Wire.sizeOfVarintField(operandField, number);
        };
        return Wire.sizeUnlessZero(1, result) + Wire.sizeUnlessZero(2, target) + Wire.sizeUnlessEmpty(3, key.length())
                + operand + Wire.sizeUnlessEmpty(64, rangeEnd.length());
    }

    /** Writes the fields in ascending order; an operand that came is written even if it is zero. */
    public void encode(ProtoWriter to) {
        to.unlessZero(1, result);
        to.unlessZero(2, target);
        to.unlessEmpty(3, key);
        if (operandField == 7) to.bytesField(7, value);
        else if (operandField != 0) to.varintField(operandField, number);
        to.unlessEmpty(64, rangeEnd);
    }
}
