package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Loop;
import io.binnacle.rpc.MessageBody;
import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One gRPC call on one HTTP/2 stream. Owned by the connection's loop. */
final class GrpcCall extends DeadlineWheel.Deadline implements Call, Deframer.Target {

    static final Status DEADLINE = new Status(Code.DEADLINE_EXCEEDED, "context deadline exceeded");
    static final Status CANCELLED = new Status(Code.CANCELLED, "context canceled");
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int COPY_BYTES_MAX = 4096; // shorter messages share one buffer with their prefix

    private final GrpcConnection connection;
    private final Http2Stream stream;
    private final MethodTable.Entry method;
    private final Http2Headers headers;
    private final AsciiString contentType;
    private final boolean gzip;
    private final long deadlineNanos;
    private final long startedNanos;
    private final Deframer inbound;
    private @Nullable Metadata metadata; // made when first asked for; any thread makes the same
    private @Nullable CallReceiver receiver; // null until the handler has returned
    private Metadata head = Metadata.EMPTY;
    private boolean headSent;
    private boolean clientDone; // END_STREAM has been seen
    private boolean ended;
    private @Nullable Status early; // cancelled before the handler returned
    private boolean refill; // not writable; the service waits to hear that it is
    private long queuedBytes; // handed to the connection, not yet to the socket
    private @Nullable MessageBody body;
    private long bodyLeft;
    private @Nullable Status finishStatus; // finish() while the body is still being pulled
    private Metadata finishTrailers = Metadata.EMPTY;

    GrpcCall(GrpcConnection connection, Http2Stream stream, MethodTable.Entry method, Http2Headers headers,
            RequestHead request, AsciiString contentType) {
        this.connection = connection;
        this.stream = stream;
        this.method = method;
        this.headers = headers;
        this.contentType = contentType;
        this.gzip = request.encoding() == RequestHead.Encoding.GZIP;
        this.startedNanos = connection.loop().nanoTime();
        long timeout = request.timeoutNanos();
        // Half the range keeps differences of two times within a long; who waits 146 years waits for ever.
        this.deadlineNanos = timeout < 0 || timeout > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : startedNanos + timeout;
        this.inbound = new Deframer(this, connection.config().receiveBytesMax(), gzip,
                !method.method().kind().clientStreams());
    }

    /** Hands the call to the service. */
    void begin() {
        method.observer().started();
        if (deadlineNanos != Long.MAX_VALUE) {
            if (late()) {
                fail(DEADLINE);
                return;
            }
            connection.loop().addDeadline(this, deadlineNanos);
        }
        CallReceiver started = method.method().handler().start(this);
        receiver = started;
        if (early != null) started.cancelled(early);
    }

    private boolean late() {
        return deadlineNanos != Long.MAX_VALUE && deadlineNanos - connection.loop().nanoTime() <= 0;
    }

    /** Data of the client; returns how many bytes are done with. */
    int data(ByteBuf data, boolean end) {
        clientDone |= end;
        return inbound.data(data, end);
    }

    /** The client's half is over without data. */
    void clientEnded() {
        clientDone = true;
        inbound.data(Unpooled.EMPTY_BUFFER, true);
    }

    /** The stream is gone. */
    void streamClosed() {
        if (!ended) {
            cancel(CANCELLED);
        }
        closeBody();
    }

    /** Ends the call from this side, with a status for both parties. */
    void fail(Status why) {
        if (ended) return;
        closeBody();
        cancel(why);
        if (connection.hasQueued(stream)) {
            connection.reset(stream); // the client does not read, so trailers would not arrive either
        } else {
            writeEnd(why, Metadata.EMPTY);
        }
    }

    private void cancel(Status why) {
        over(why.code());
        CallReceiver told = receiver;
        if (told != null) told.cancelled(why);
        else early = why;
    }

    private void over(Code code) {
        ended = true;
        inbound.stop();
        if (deadlineNanos != Long.MAX_VALUE) connection.loop().removeDeadline(this);
        method.observer().handled(code, connection.loop().nanoTime() - startedNanos);
    }

    @Override
    void expired() {
        fail(DEADLINE);
    }

    // What the deframer reports.

    @Override
    public void message(Bytes message) {
        method.observer().received(message.length());
        if (late()) {
            fail(DEADLINE);
            return;
        }
        CallReceiver told = receiver;
        if (told != null && !ended) told.message(message);
    }

    @Override
    public void inboundEnd() {
        CallReceiver told = receiver;
        if (told != null && !ended) told.halfClose();
    }

    @Override
    public void broken(Status why) {
        fail(why);
    }

    @Override
    public void consumed(int bytes) {
        connection.consumed(stream, bytes);
    }

    // The service's side.

    @Override
    public String path() {
        return method.path();
    }

    @Override
    public Metadata headers() {
        Metadata made = metadata;
        if (made == null) {
            made = RequestHead.metadata(headers);
            metadata = made;
        }
        return made;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public Loop loop() {
        return connection.loop();
    }

    @Override
    public String remoteAddress() {
        return connection.peer().address();
    }

    @Override
    public boolean secure() {
        return connection.peer().secure();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return connection.peer().certificates();
    }

    @Override
    public void responseHeaders(Metadata metadata) {
        head = metadata;
    }

    @Override
    public void sendHeaders() {
        if (over()) return;
        writeHead();
        connection.touch();
    }

    private boolean over() {
        return ended || finishStatus != null;
    }

    private void writeHead() {
        if (headSent) return;
        headSent = true;
        var unused = connection.writeHeaders(stream, ResponseHeaders.head(contentType, gzip, head), false);
    }

    @Override
    public void send(Bytes message) {
        if (over()) return;
        Check.that(body == null, "a message behind one that is still being pulled");
        method.observer().sent(message.length());
        writeHead();
        Bytes payload = gzip ? Gzip.compress(message) : message;
        int length = payload.length();
        boolean small = length <= COPY_BYTES_MAX;
        ByteBuf buffer = connection.buffer(5 + (small ? length : 0));
        buffer.writeByte(gzip ? 1 : 0).writeInt(length);
        if (small) buffer.writeBytes(payload.array(), payload.offset(), length);
        write(buffer);
        if (!small) write(payload);
        connection.touch();
    }

    @Override
    public void send(long length, MessageBody source) {
        if (over()) {
            source.close();
            return;
        }
        Check.that(body == null, "a message behind one that is still being pulled");
        Check.that(length >= 0 && length <= 0xffffffffL, "message length out of range");
        method.observer().sent(length);
        writeHead();
        // Flag 0 is allowed in a gzip call, and a compressed length can't be known before the whole message is.
        ByteBuf prefix = connection.buffer(5);
        prefix.writeByte(0).writeInt((int) length);
        write(prefix);
        body = source;
        bodyLeft = length;
        pump();
        connection.touch();
    }

    /** Pulls pieces of the body while there is room. */
    private void pump() {
        MessageBody source = body;
        if (source == null || ended) return;
        int high = connection.config().queueBytesHigh();
        while (bodyLeft > 0 && queuedBytes < high) {
            int bytesMax = (int) Math.min(bodyLeft, PIECE_BYTES);
            Bytes piece;
            try {
                piece = source.next(bytesMax);
            } catch (RuntimeException failed) { // as MessageBody says: the client hears why
                fail(new Status(Code.INTERNAL, String.valueOf(failed.getMessage())));
                return;
            }
            if (piece.isEmpty() || piece.length() > bytesMax) {
                fail(new Status(Code.INTERNAL, "message body of another length than promised"));
                return;
            }
            bodyLeft -= piece.length();
            write(piece);
        }
        if (bodyLeft > 0) return;
        closeBody();
        Status last = finishStatus;
        if (last != null) end(last, finishTrailers);
    }

    private void closeBody() {
        MessageBody source = body;
        body = null;
        if (source != null) source.close();
    }

    private void write(Bytes payload) {
        write(Unpooled.wrappedBuffer(payload.array(), payload.offset(), payload.length()));
    }

    private void write(ByteBuf buffer) {
        ChannelPromise written = connection.promise();
        if (method.method().kind() != CallKind.UNARY || buffer.readableBytes() > COPY_BYTES_MAX) {
            int bytes = buffer.readableBytes();
            queuedBytes += bytes;
            if (queuedBytes >= connection.config().queueBytesHigh()) refill = true;
            written.addListener((ChannelFutureListener) _ -> drained(bytes));
        }
        connection.writeData(stream, buffer, written);
    }

    private void drained(int bytes) {
        queuedBytes -= bytes;
        if (refill && queuedBytes <= connection.config().queueBytesLow() && !ended) {
            refill = false;
            connection.loop().execute(this::resume); // not from within a write
        }
    }

    private void resume() {
        if (ended) return;
        if (body != null) {
            pump();
            connection.touch();
        } else if (writable()) {
            CallReceiver told = receiver;
            if (told != null) told.writable();
        }
    }

    @Override
    public boolean writable() {
        if (queuedBytes >= connection.config().queueBytesHigh() || body != null) {
            refill = true;
            return false;
        }
        return !refill;
    }

    @Override
    public void request(int messages) {
        if (!over()) inbound.request(messages);
    }

    @Override
    public void finish(Status status, Metadata trailers) {
        if (over()) return;
        if (body != null) {
            finishStatus = status;
            finishTrailers = trailers;
            return;
        }
        end(status, trailers);
    }

    private void end(Status status, Metadata trailers) {
        over(status.code());
        writeEnd(status, trailers);
    }

    private void writeEnd(Status status, Metadata trailers) {
        if (head.size() > 0) writeHead();
        Http2Headers last = headSent
                ? ResponseHeaders.trailers(status, trailers)
                : ResponseHeaders.trailersOnly("200", contentType, status, trailers);
        ChannelFuture written = connection.writeHeaders(stream, last, true);
        if (!clientDone) connection.resetOnceWritten(stream, written);
        connection.touch();
    }

    @Override
    public boolean ended() {
        return over();
    }
}
