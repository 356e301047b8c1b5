package io.binnacle.bench.load;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request as bytes, with a number within its key that may be varied: a prefix of the caller's and {@value
 * #DIGITS} decimal digits. Immutable.
 */
public final class Request {

    private static final int DIGITS = 10;
    private static final int COMPARE_GREATER = 1;
    private static final int COMPARE_VERSION = 0;
    private static final int VERSION_OPERAND = 4;

    private final Method method;
    private final byte[] message;
    /** Where the digits stand; -1 if there are none. */
    private final int digitsAt;

    private Request(Method method, Bytes message, int digitsAt) {
        this.method = method;
        this.message = message.toByteArray();
        this.digitsAt = digitsAt;
    }

    /** A put of a value of so many bytes to the prefix's key 0. */
    public static Request put(String prefix, int valueBytes) {
        return withNumber(Method.PUT, new Put(key(prefix, 0), value(valueBytes), 0, false, false, false), prefix);
    }

    /** A get of the prefix's key 0. */
    public static Request get(String prefix, boolean serializable) {
        return withNumber(Method.RANGE, range(key(prefix, 0), Bytes.EMPTY, serializable, false), prefix);
    }

    /** Every pair below the prefix in one answer. */
    public static Request list(String prefix) {
        return fixed(Method.RANGE, range(Bytes.utf8(prefix), prefixEnd(prefix), false, false));
    }

    /** The least answer: the count of one absent key; its header tells the revision. */
    public static Request probe() {
        return fixed(Method.RANGE, range(Bytes.utf8("\u0001"), Bytes.EMPTY, false, true));
    }

    /** What Kubernetes does to update: if the prefix's key 0 exists, put it, else read it. */
    public static Request guardedUpdate(String prefix, int valueBytes) {
        Bytes key = key(prefix, 0);
        Compare exists = new Compare(COMPARE_GREATER, COMPARE_VERSION, key, VERSION_OPERAND, 0, Bytes.EMPTY, Bytes.EMPTY);
        return fixed(Method.TXN, new Txn(List.of(exists),
                List.of(new Put(key, value(valueBytes), 0, false, false, false)),
                List.of(range(key, Bytes.EMPTY, false, false))));
    }

    /** A compaction that answers when the old revisions are deleted. */
    public static Request physicalCompaction(long revision) {
        ProtoWriter writer = new ProtoWriter(16);
        writer.varintField(1, revision);
        writer.varintField(2, 1);
        return new Request(Method.COMPACT, writer.take(), -1);
    }

    /** A request without fields. */
    public static Request empty(Method method) {
        return new Request(method, Bytes.EMPTY, -1);
    }

    /** Makes a watcher of all keys below the prefix. */
    public static Request watch(String prefix) {
        ProtoWriter writer = new ProtoWriter(64);
        int create = writer.begin(1);
        writer.bytesField(1, Bytes.utf8(prefix));
        writer.bytesField(2, prefixEnd(prefix));
        writer.end(create);
        return new Request(Method.WATCH, writer.take(), -1);
    }

    /** The call it is for. */
    public Method method() {
        return method;
    }

    /** The message as it is; not to be changed. */
    byte[] message() {
        return message;
    }

    /** The message with another number in its key, 0 to 10^10 - 1; the message itself if it has none. */
    byte[] message(long number) {
        if (digitsAt < 0) return message;
        byte[] copy = message.clone();
        long rest = number;
        for (int at = digitsAt + DIGITS - 1; at >= digitsAt; at--) {
            copy[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return copy;
    }

    /** The message as gRPC frames it: a zero byte and its length in four. */
    byte[] framed() {
        java.nio.ByteBuffer frame = java.nio.ByteBuffer.allocate(5 + message.length);
        return frame.put((byte) 0).putInt(message.length).put(message).array();
    }

    private static Request fixed(Method method, Op op) {
        return new Request(method, op.encoded(), -1);
    }

    /** Put and Range alike begin with the key: one byte of tag, one of length. */
    private static Request withNumber(Method method, Op op, String prefix) {
        return new Request(method, op.encoded(), 2 + prefix.length());
    }

    private static Range range(Bytes key, Bytes end, boolean serializable, boolean countOnly) {
        return new Range(key, end, 0, 0, 0, 0, serializable, false, countOnly, 0, 0, 0, 0);
    }

    private static Bytes key(String prefix, long number) {
        return Bytes.utf8(prefix + String.format("%0" + DIGITS + "d", number));
    }

    private static Bytes prefixEnd(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.US_ASCII);
        end[end.length - 1]++;
        return Bytes.of(end);
    }

    /** Bytes that do not compress to nothing, the same in every run. */
    private static Bytes value(int bytes) {
        byte[] value = new byte[bytes];
        new java.util.Random(bytes).nextBytes(value);
        return Bytes.of(value);
    }
}
