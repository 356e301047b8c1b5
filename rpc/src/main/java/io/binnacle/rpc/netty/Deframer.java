package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the data of one call into messages: five bytes of prefix (one of flags, four of length, big endian), then the
 * message. Bytes of messages that were not asked for are held back and not given back to the client's window, so at
 * most a window of them is here. A message is copied once, straight from the network buffer into its own array when
 * it lies in one frame. Owned by the call's loop.
 */
final class Deframer {

    private static final int PREFIX_BYTES = 5;
    private static final int FIRST_ARRAY_BYTES = 64 * 1024; // a promised length alone makes no larger array

    /** Where messages go. */
    interface Target {
        /** A whole message, decompressed. */
        void message(Bytes message);

        /** The client sends no more. */
        void inboundEnd();

        /** The data breaks the protocol or a limit; the call ends with this. */
        void broken(Status why);

        /** So many bytes are no longer held. */
        void consumed(int bytes);
    }

    private final Target target;
    private final int bytesMax;
    private final boolean gzip;
    private final boolean single;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int prefixFilled;
    private byte @Nullable [] message; // null: between messages
    private int messageLength;
    private int messageFilled;
    private int requested;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0); // unparsed, heap copies
    private boolean endSeen;
    private boolean stopped; // nothing more is delivered
    private boolean busy; // parsing; the target may come back to us meanwhile

    Deframer(Target target, int bytesMax, boolean gzip, boolean single) {
        this.target = target;
        this.bytesMax = bytesMax;
        this.gzip = gzip;
        this.single = single;
        this.requested = single ? 1 : 0;
    }

    /** Delivers nothing more and drops what is held. */
    void stop() {
        stopped = true;
        message = null;
        int bytes = 0;
        for (ByteBuf buffer = held.poll(); buffer != null; buffer = held.poll()) bytes += buffer.readableBytes();
        if (bytes > 0) target.consumed(bytes);
    }

    /** Allows that many more messages. */
    void request(int messages) {
        requested = (int) Math.min(Integer.MAX_VALUE, (long) requested + messages);
        if (!busy) resume();
    }

    /**
     * Takes the data of a frame.
     *
     * @return how many bytes are done with; the others are reported to {@link Target#consumed} later
     */
    int data(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        endSeen |= end;
        if (stopped) return length;
        if (held.isEmpty()) parse(data);
        int left = stopped ? 0 : data.readableBytes();
        if (left > 0) {
            byte[] copy = new byte[left];
            data.readBytes(copy);
            held.add(Unpooled.wrappedBuffer(copy));
        }
        if (endSeen) resume();
        return length - left;
    }

    private void resume() {
        while (!stopped && !busy) {
            ByteBuf first = held.peek();
            if (first == null) break;
            int before = first.readableBytes();
            parse(first);
            int left = first.readableBytes();
            if (stopped) return; // stop() has given back what was held
            if (left == 0) held.poll();
            if (left < before) target.consumed(before - left);
            if (left > 0) return; // not asked for
        }
        if (endSeen && !stopped && !busy && held.isEmpty()) end();
    }

    private void end() {
        if (message != null) broken(new Status(Code.UNKNOWN, "unexpected EOF"));
        else if (prefixFilled > 0 || single) broken(new Status(Code.UNKNOWN, "EOF"));
        else {
            stopped = true;
            target.inboundEnd();
        }
    }

    private void parse(ByteBuf in) {
        busy = true;
        while (!stopped && in.isReadable() && (message != null || requested > 0)) {
            if (message == null && !begin(in)) break;
            fill(in);
        }
        busy = false;
    }

    /** Reads the prefix; true if a message has begun. */
    private boolean begin(ByteBuf in) {
        int take = Math.min(PREFIX_BYTES - prefixFilled, in.readableBytes());
        in.readBytes(prefix, prefixFilled, take);
        prefixFilled += take;
        if (prefixFilled < PREFIX_BYTES) return false;
        int flag = prefix[0] & 0xff;
        long length = ((prefix[1] & 0xffL) << 24) | ((prefix[2] & 0xff) << 16) | ((prefix[3] & 0xff) << 8)
                | (prefix[4] & 0xff);
        if (flag > 1) {
            return refuse(Code.INTERNAL, "grpc: received unexpected payload format " + flag);
        }
        if (length > bytesMax) {
            return refuse(Code.RESOURCE_EXHAUSTED,
                    "grpc: received message larger than max (" + length + " vs. " + bytesMax + ")");
        }
        prefixFilled = 0;
        messageLength = (int) length;
        messageFilled = 0;
        boolean whole = messageLength <= in.readableBytes();
        message = new byte[whole ? messageLength : Math.min(messageLength, FIRST_ARRAY_BYTES)];
        return true;
    }

    private boolean refuse(Code code, String message) {
        broken(new Status(code, message));
        return false;
    }

    private void fill(ByteBuf in) {
        byte[] array = message;
        if (array == null) return;
        int take = Math.min(messageLength - messageFilled, in.readableBytes());
        if (messageFilled + take > array.length) {
            int room = (int) Math.min(messageLength, Math.max(2L * array.length, messageFilled + take));
            array = Arrays.copyOf(array, room);
            message = array;
        }
        in.readBytes(array, messageFilled, take);
        messageFilled += take;
        if (messageFilled < messageLength) return;
        message = null;
        requested--;
        deliver(Bytes.of(array, 0, messageLength));
    }

    private void deliver(Bytes payload) {
        Bytes whole = payload;
        if (prefix[0] == 1) {
            if (!gzip) {
                broken(new Status(Code.INTERNAL, "grpc: compressed flag set with identity or empty encoding"));
                return;
            }
            try {
                whole = Gzip.expand(payload, bytesMax);
            } catch (IOException notGzip) {
                broken(new Status(Code.INTERNAL, "grpc: failed to decompress the message: " + notGzip.getMessage()));
                return;
            }
            if (whole.length() > bytesMax) {
                broken(new Status(Code.RESOURCE_EXHAUSTED,
                        "grpc: received message after decompression larger than max " + bytesMax));
                return;
            }
        }
        if (single) stopped = true; // what follows is ignored
        target.message(whole);
    }

    private void broken(Status why) {
        stop();
        target.broken(why);
    }
}
