package io.binnacle.api.wire;

/**
 * The constants of the encoding: a field begins with the tag {@code number << 3 | wire type}, written as a varint.
 *
 * <p>Source: the public protocol-buffers encoding guide.
 */
public final class Wire {

    /** Wire type of int32, int64, uint32, uint64, bool and enum fields. */
    public static final int VARINT = 0;
    /** Wire type of eight bytes, little-endian. */
    public static final int FIXED64 = 1;
    /** Wire type of strings, bytes, sub-messages and packed fields: a varint length, then that many bytes. */
    public static final int BYTES = 2;
    /** Wire type that opens a group; only unknown fields have it. */
    public static final int GROUP_START = 3;
    /** Wire type that closes a group. */
    public static final int GROUP_END = 4;
    /** Wire type of four bytes, little-endian. */
    public static final int FIXED32 = 5;

    /** The largest field number a tag may hold, 2^29 - 1. */
    public static final int FIELD_NUMBER_MAX = (1 << 29) - 1;
    /** The most messages and groups that may be nested in one another; Go's protobuf library refuses more. */
    public static final int NESTING_MAX = 10_000;

    private Wire() {}

    /** The tag of a field. A constant expression cannot call this, so codecs' switches spell out {@code n << 3 | type}. */
    public static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    /** The number of bytes of a varint, 1 to 10; the value is taken as unsigned. */
    public static int sizeOfVarint(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7; // seven bits a byte, one byte for zero too
    }

    /** The number of bytes of a field's tag. */
    public static int sizeOfTag(int field) {
        return sizeOfVarint((long) field << 3);
    }

    /** The number of bytes of a varint field, tag included. */
    public static int sizeOfVarintField(int field, long value) {
        return sizeOfTag(field) + sizeOfVarint(value);
    }

    /** As {@link #sizeOfVarintField}, but 0 for a zero, which proto3 leaves out. */
    public static int sizeUnlessZero(int field, long value) {
        return value == 0 ? 0 : sizeOfVarintField(field, value);
    }

    /** The number of bytes of a bool field, 0 if it is false and therefore left out. */
    public static int sizeUnlessFalse(int field, boolean value) {
        return value ? sizeOfTag(field) + 1 : 0;
    }

    /** The number of bytes of a length-delimited field with {@code length} bytes of content: tag, length, content. */
    public static int sizeOfBytesField(int field, int length) {
        return sizeOfTag(field) + sizeOfVarint(length) + length;
    }

    /** As {@link #sizeOfBytesField}, but 0 for empty content, which proto3 leaves out. */
    public static int sizeUnlessEmpty(int field, int length) {
        return length == 0 ? 0 : sizeOfBytesField(field, length);
    }
}
