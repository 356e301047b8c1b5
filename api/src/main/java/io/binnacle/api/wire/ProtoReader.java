package io.binnacle.api.wire;

import io.binnacle.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one encoded message front to back, without copying.
 *
 * <p>Use: {@code for (int tag; (tag = reader.next()) != 0;) switch (tag) { case KEY -> ...; default -> reader.skip(tag); }}.
 * Cases name whole tags, so that a known field with another wire type falls to {@code default} and is taken as an
 * unknown field, as Go's protobuf does. What ends early, overflows or has an impossible tag is a
 * {@link ProtoFormatException}.
 *
 * <p>Belongs to one thread. Slices it returns share the message's memory.
 */
public final class ProtoReader {

    private byte[] array;
    private int at;
    private int end;

    /** Stands at the beginning of the message. */
    public ProtoReader(Bytes message) {
        array = message.array();
        at = message.offset();
        end = at + message.length();
    }

    /** Turns to another message, so that a loop needs one reader only. */
    public void reset(Bytes message) {
        array = message.array();
        at = message.offset();
        end = at + message.length();
    }

    /** The next field's tag (number and wire type), or 0 at the end of the message. As unsigned int: numbers go up to 2^29 - 1. */
    public int next() {
        if (at == end) return 0;
        byte first = array[at];
        if (first >= 8) { // one byte, field number 1 to 15
            at++;
            return first;
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 3 > Wire.FIELD_NUMBER_MAX) {
            throw new ProtoFormatException("field number " + Long.toUnsignedString(tag >>> 3));
        }
        return (int) tag;
    }

    /** The field number of a tag. */
    public static int field(int tag) {
        return tag >>> 3;
    }

    /** Whether there is nothing left to read in the message, or in the one last entered. */
    public boolean atEnd() {
        return at == end;
    }

    /** The index in the backing array of the byte read next. */
    public int position() {
        return at;
    }

    /** Reads a varint of up to ten bytes, the tenth at most 1. */
    public long varint() {
        if (at < end && array[at] >= 0) return array[at++];
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) throw new ProtoFormatException("varint ends early");
            byte next = array[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) break;
                return value;
            }
        }
        throw new ProtoFormatException("varint of more than 64 bits");
    }

    /** Reads a bool: true unless zero. */
    public boolean bool() {
        return varint() != 0;
    }

    /** Reads a length-delimited field's content as a slice of the message. */
    public Bytes bytes() {
        int length = length();
        Bytes slice = Bytes.of(array, at, length);
        at += length;
        return slice;
    }

    /** Reads a string field; malformed UTF-8 is replaced, as the log of a 3.6 member may hold it. */
    public String utf8() {
        int length = length();
        String text = new String(array, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** Reads a sub-message's length and makes its end the end; give the result back to {@link #leave}. */
    public int enter() {
        int length = length();
        int outer = end;
        end = at + length;
        return outer;
    }

    /** Goes on after the sub-message, whose rest is skipped. */
    public void leave(int outer) {
        at = end;
        end = outer;
    }

    /** The content of a field that came twice: sub-messages merge, and that is what reading one after the other does. */
    public static Bytes merged(@Nullable Bytes earlier, Bytes later) {
        if (earlier == null || earlier.isEmpty()) return later;
        byte[] both = new byte[earlier.length() + later.length()];
        earlier.copyTo(both, 0);
        later.copyTo(both, earlier.length());
        return Bytes.of(both);
    }

    /** Skips the field whose tag was read last. */
    public void skip(int tag) {
        switch (tag & 7) {
            case Wire.VARINT -> varint();
            case Wire.FIXED64 -> advance(8);
            case Wire.BYTES -> advance(length());
            case Wire.GROUP_START -> skipGroup(field(tag));
            case Wire.FIXED32 -> advance(4);
            default -> throw new ProtoFormatException("wire type " + (tag & 7));
        }
    }

    /**
     * Skips to behind the end tag; groups may nest, so the open ones' numbers are kept on a stack of our own. Inside a
     * group Go lets field numbers go up to 2^31 - 1, so tags are read as long here.
     */
    private void skipGroup(int field) {
        int[] open = new int[8];
        int depth = 0;
        open[0] = field;
        while (depth >= 0) {
            if (at == end) throw new ProtoFormatException("group ends early");
            long tag = varint();
            long number = tag >>> 3;
            if (number == 0 || number > Integer.MAX_VALUE) {
                throw new ProtoFormatException("field number " + Long.toUnsignedString(number));
            }
            int type = (int) tag & 7;
            if (type == Wire.GROUP_START) {
                if (++depth > Wire.NESTING_MAX) throw new ProtoFormatException("groups nested too deeply");
                if (depth == open.length) open = Arrays.copyOf(open, 2 * depth);
                open[depth] = (int) number;
            } else if (type == Wire.GROUP_END) {
                if (open[depth--] != (int) number) throw new ProtoFormatException("group ends with another's number");
            } else {
                skip(type);
            }
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) throw new ProtoFormatException("field longer than its message");
        return (int) length;
    }

    private void advance(int bytes) {
        if (bytes > end - at) throw new ProtoFormatException("field longer than its message");
        at += bytes;
    }
}
