package io.binnacle.api.wire;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes messages front to back into a growing array.
 *
 * <p>A sub-message whose length is known is opened with {@link #message}; one whose length is not, with
 * {@link #begin} and {@link #end}, which moves its content by the few bytes that its length takes beyond one.
 * Lengths come from the {@code sizeOf} methods of {@link Wire}.
 *
 * <p>Belongs to one thread and may be used again after {@link #reset}.
 */
public final class ProtoWriter {

    private byte[] array;
    private int length;

    /** Starts empty, with room for this many bytes before the first growth. */
    public ProtoWriter(int capacityBytes) {
        array = new byte[capacityBytes];
    }

    /** Forgets what was written. Slices from {@link #toBytes} stay valid. */
    public void reset() {
        length = 0;
    }

    /** The number of bytes written. */
    public int length() {
        return length;
    }

    /** The array written into, valid up to {@link #length()} and only until the next write. */
    public byte[] array() {
        return array;
    }

    /** A copy of what was written. */
    public Bytes toBytes() {
        return Bytes.of(Arrays.copyOf(array, length));
    }

    /** What was written, without a copy: the array is given away, and the writer starts again with an empty one. */
    public Bytes take() {
        Bytes taken = Bytes.of(array, 0, length);
        array = Bytes.EMPTY.array();
        length = 0;
        return taken;
    }

    /** Writes a field's tag. */
    public void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    /** Writes a varint in its shortest form. */
    public void varint(long value) {
        reserve(10);
        byte[] target = array;
        int to = length;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[to++] = (byte) rest;
        length = to;
    }

    /** Writes a varint field, a zero too. */
    public void varintField(int field, long value) {
        tag(field, Wire.VARINT);
        varint(value);
    }

    /** Writes a varint field unless it is zero: proto3's rule. */
    public void unlessZero(int field, long value) {
        if (value != 0) varintField(field, value);
    }

    /** Writes a bool field unless it is false: proto3's rule. */
    public void unlessFalse(int field, boolean value) {
        if (value) varintField(field, 1);
    }

    /** Writes a bytes field or an encoded sub-message, an empty one too. */
    public void bytesField(int field, Bytes value) {
        message(field, value.length());
        raw(value);
    }

    /** Writes a bytes field unless it is empty: proto3's rule. */
    public void unlessEmpty(int field, Bytes value) {
        if (!value.isEmpty()) bytesField(field, value);
    }

    /** Writes a string field unless it is empty: proto3's rule. */
    public void unlessEmpty(int field, String value) {
        if (!value.isEmpty()) bytesField(field, Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Opens a sub-message of exactly {@code lengthBytes}, which the caller writes next. */
    public void message(int field, int lengthBytes) {
        tag(field, Wire.BYTES);
        varint(lengthBytes);
    }

    /** Opens a sub-message of unknown length; give the result to {@link #end}. They may nest. */
    public int begin(int field) {
        tag(field, Wire.BYTES);
        reserve(1);
        return length++; // where the length will stand, in one byte as a first guess
    }

    /** Closes the sub-message opened with {@link #begin} and writes its length. */
    public void end(int begun) {
        int content = length - begun - 1;
        Check.that(content >= 0, "a sub-message ends before it begins");
        int more = Wire.sizeOfVarint(content) - 1;
        if (more > 0) {
            reserve(more);
            System.arraycopy(array, begun + 1, array, begun + 1 + more, content);
        }
        length = begun;
        varintWithinReserve(content);
        length = begun + 1 + more + content;
    }

    /** Writes bytes as they are. */
    public void raw(Bytes bytes) {
        reserve(bytes.length());
        bytes.copyTo(array, length);
        length += bytes.length();
    }

    private void varintWithinReserve(int value) {
        int to = length;
        int rest = value;
        while (rest > 0x7F) {
            array[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[to++] = (byte) rest;
        length = to;
    }

    private void reserve(int bytes) {
        if (array.length - length < bytes) grow(bytes);
    }

    private void grow(int bytes) {
        long wanted = Math.max((long) length + bytes, 2L * array.length);
        Check.that((long) length + bytes <= Integer.MAX_VALUE - 8, "an encoded message of more than 2 GiB");
        array = Arrays.copyOf(array, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
}
