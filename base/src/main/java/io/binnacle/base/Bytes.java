package io.binnacle.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable slice of heap memory: keys, values, encoded messages.
 *
 * <p>Order is that of keys in etcd: unsigned bytes, a shorter prefix first. The backing array is shared, never copied
 * behind the caller's back; whoever hands an array to {@link #of(byte[])} gives it up, and nobody writes to the result
 * of {@link #array()}. Safe to share between threads.
 */
public final class Bytes implements Comparable<Bytes> {

    /** The empty slice. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Takes over the array: the caller must not write to it again. */
    public static Bytes of(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** Takes over a part of the array: the caller must not write to that part again. */
    public static Bytes of(byte[] array, int offset, int length) {
        if ((offset | length | (array.length - offset - length)) < 0) {
            throw new IndexOutOfBoundsException("slice " + offset + "+" + length + " of " + array.length + " bytes");
        }
        return length == 0 ? EMPTY : new Bytes(array, offset, length);
    }

    /** Copies the bytes. */
    public static Bytes copyOf(byte[] source) {
        return of(source.clone());
    }

    /** Copies what remains in the buffer and moves its position to its limit. */
    public static Bytes copyOf(ByteBuffer source) {
        byte[] copy = new byte[source.remaining()];
        source.get(copy);
        return of(copy);
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of bytes. */
    public int length() {
        return length;
    }

    /** Whether there is no byte. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** The byte at an index, signed. */
    public byte at(int index) {
        if (index < 0 || index >= length) throw new IndexOutOfBoundsException(index + " of " + length);
        return array[offset + index];
    }

    /** The backing array, for codecs: read only, from {@link #offset()} for {@link #length()} bytes. */
    public byte[] array() {
        return array;
    }

    /** Where the slice begins in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** The slice [from, to) of this one, sharing its memory. */
    public Bytes slice(int from, int to) {
        if (from < 0 || to < from || to > length) throw new IndexOutOfBoundsException(from + ".." + to + " of " + length);
        return from == 0 && to == length ? this : of(array, offset + from, to - from);
    }

    /** Copies all bytes to {@code target} from {@code targetOffset} on. */
    public void copyTo(byte[] target, int targetOffset) {
        System.arraycopy(array, offset, target, targetOffset, length);
    }

    /** A copy as an array. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** A read-only buffer over the same memory. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** A slice that holds no more memory than its own bytes: this one, or a copy if the array is larger. */
    public Bytes compact() {
        return array.length == length ? this : of(toByteArray());
    }

    /** These bytes followed by one more. */
    public Bytes append(byte last) {
        byte[] longer = Arrays.copyOfRange(array, offset, offset + length + 1);
        longer[length] = last;
        return of(longer);
    }

    /** Whether this begins with all bytes of {@code prefix}. */
    public boolean startsWith(Bytes prefix) {
        return prefix.length <= length
                && Arrays.equals(array, offset, offset + prefix.length,
                        prefix.array, prefix.offset, prefix.offset + prefix.length);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, offset, offset + length,
                other.array, other.offset, other.offset + other.length);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Bytes that && length == that.length && compareTo(that) == 0);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int at = offset; at < offset + length; at++) hash = 31 * hash + array[at];
        return hash;
    }

    /** The bytes read as UTF-8, malformed input replaced. */
    public String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    /** The bytes in lower-case hexadecimal, at most 64 of them. */
    @Override
    public String toString() {
        int shown = Math.min(length, 64);
        String hex = HexFormat.of().formatHex(array, offset, offset + shown);
        return shown == length ? hex : hex + "…(" + length + " bytes)";
    }
}
