package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection that carries gRPC calls. Owned by one loop. What is written in a turn of the loop is flushed
 * once at its end, be it the turn that read the requests or the drain of other threads' answers.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the connection, which is heard elsewhere
final class GrpcConnection extends Http2ConnectionHandler implements NettyLoop.Flushable, ServedConnection {

    private static final long DRAIN_PING = 0x0106010813060202L; // any value that a keep-alive ping does not have
    private static final long KEEP_ALIVE_PING = 0;
    private static final long LINGER_MILLIS = 1000; // after too_many_pings, for the GOAWAY to arrive

    private final RpcConfig config;
    private final NettyLoop loop;
    private final MethodTable methods;
    private final Peer peer;
    private final Http2Connection.PropertyKey callKey;
    private final KeepAlive keepAlive;
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean flushAsked;
    private long lastReadNanos;
    private boolean pingOutstanding;
    private boolean draining;
    private boolean lastStreamSaid; // the second GOAWAY of a graceful shutdown is out

    private GrpcConnection(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings,
            RpcConfig config, NettyLoop loop, MethodTable methods, Peer peer, KeepAlive keepAlive) {
        super(decoder, encoder, settings, true);
        this.config = config;
        this.loop = loop;
        this.methods = methods;
        this.peer = peer;
        this.callKey = connection().newKey();
        this.keepAlive = keepAlive;
        this.lastReadNanos = loop.nanoTime();
        decoder.frameListener(new GrpcFrames(this));
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }

            @Override
            public void onStreamRemoved(Http2Stream stream) {
                closeIfDrained();
            }
        });
    }

    static GrpcConnection create(RpcConfig config, NettyLoop loop, MethodTable methods, Peer peer) {
        Http2Connection connection = new DefaultHttp2Connection(true);
        // The connection's window is given back on arrival, as a call that is not read must not stop the others.
        connection.local().flowController(new DefaultHttp2LocalFlowController(
                connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
        connection.remote().flowController(
                new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        KeepAlive keepAlive = new KeepAlive(config.keepAliveMinNanos());
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, new ServerFrames(keepAlive));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(connection, encoder,
                new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(true, config.headerBytesMax())),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true);
        Http2Settings settings = new Http2Settings().maxFrameSize(RpcConfig.FRAME_BYTES_MAX);
        if (config.limitsStreams()) settings.maxConcurrentStreams(config.maxConcurrentStreams());
        return new GrpcConnection(decoder, encoder, settings, config, loop, methods, peer, keepAlive);
    }

    NettyLoop loop() {
        return loop;
    }

    RpcConfig config() {
        return config;
    }

    Peer peer() {
        return peer;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) throw new Check.BrokenInvariant("connection is not in a pipeline");
        return present;
    }

    // Life of the connection.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        if (config.pings()) watchSilence(config.keepAliveIntervalNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        reading = true;
        lastReadNanos = loop.nanoTime();
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        reading = false;
        super.channelReadComplete(ctx); // flushes
    }

    /** What was written will be flushed at the end of this turn. */
    void touch() {
        if (reading || flushAsked) return;
        flushAsked = true;
        loop.flushLater(this);
    }

    @Override
    public void flushNow() {
        flushAsked = false;
        ChannelHandlerContext ctx = context();
        if (!ctx.isRemoved()) flush(ctx);
    }

    private void watchSilence(long inNanos) {
        context().executor().schedule(this::silence, inNanos, TimeUnit.NANOSECONDS);
    }

    private void silence() {
        ChannelHandlerContext ctx = context();
        if (!ctx.channel().isActive()) return;
        long silentNanos = loop.nanoTime() - lastReadNanos;
        long interval = config.keepAliveIntervalNanos();
        if (silentNanos < interval) {
            pingOutstanding = false;
            watchSilence(interval - silentNanos);
        } else if (pingOutstanding) {
            ctx.close(); // without a GOAWAY: nobody listens
        } else {
            pingOutstanding = true;
            encoder().writePing(ctx, false, KEEP_ALIVE_PING, ctx.newPromise());
            touch();
            watchSilence(config.keepAliveTimeoutNanos());
        }
    }

    @Override
    public void drain() {
        ChannelHandlerContext ctx = context();
        if (draining || !ctx.channel().isActive()) return;
        draining = true;
        goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, ""); // calls already under way to us are still served
        encoder().writePing(ctx, false, DRAIN_PING, ctx.newPromise());
        touch();
    }

    @Override
    public void stop() {
        try {
            connection().forEachActiveStream(stream -> {
                GrpcCall call = call(stream);
                if (call != null) call.fail(new Status(Code.UNAVAILABLE, "transport is closing"));
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new Check.BrokenInvariant(String.valueOf(impossible.getMessage())); // the visitor throws none
        }
        flush(context());
        context().close();
    }

    void pingAcknowledged(long data) {
        if (data != DRAIN_PING || !draining || lastStreamSaid) return;
        lastStreamSaid = true;
        goAway(connection().remote().lastStreamCreated(), Http2Error.NO_ERROR, "");
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (lastStreamSaid && connection().numActiveStreams() == 0) {
            ChannelHandlerContext ctx = context();
            ctx.executor().execute(() -> {
                flush(ctx);
                ctx.close();
            });
        }
    }

    void pinged() {
        if (keepAlive.ping(loop.nanoTime(), connection().numActiveStreams())) return;
        ChannelHandlerContext ctx = context();
        goAway(connection().remote().lastStreamCreated(), Http2Error.ENHANCE_YOUR_CALM, "too_many_pings");
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void goAway(int lastStream, Http2Error error, String text) {
        ChannelHandlerContext ctx = context();
        goAway(ctx, lastStream, error.code(), Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), ctx.newPromise());
        touch();
    }

    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        boolean networks = cause instanceof IOException || Http2Exception.class.isInstance(cause)
                || cause.getCause() instanceof Http2Exception;
        if (!networks) loop.failed(cause); // a service threw: the owner decides; this connection ends in any case
        super.onError(ctx, outbound, cause);
    }

    /** A client that resets its connection is nothing to report. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) ctx.close();
        else super.exceptionCaught(ctx, cause);
    }

    // Streams.

    @Nullable GrpcCall call(Http2Stream stream) {
        return stream.getProperty(callKey);
    }

    /** A request's headers have come. */
    void start(Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception {
        RequestHead request = new RequestHead(headers);
        if (request.breaksProtocol()) {
            throw Http2Exception.streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "connection header in a request");
        }
        RequestHead.Refusal refusal = request.refusal();
        var contentType = request.answerContentType();
        if (refusal != null || contentType == null) {
            if (refusal != null) refuse(stream, refusal.httpStatus(), ResponseHeaders.GRPC, refusal.status(), end);
            return;
        }
        MethodTable.Entry method = methods.find(request.path());
        if (method == null) {
            refuse(stream, "200", contentType, methods.unknown(request.path()), end);
        } else if (request.encoding() == RequestHead.Encoding.UNKNOWN) {
            refuse(stream, "200", contentType, new Status(Code.UNIMPLEMENTED,
                    "grpc: Decompressor is not installed for grpc-encoding "
                            + GoText.quote(request.encodingName())), end);
        } else if (request.timeoutNanos() == 0) {
            refuse(stream, "200", contentType, GrpcCall.DEADLINE, end);
        } else {
            GrpcCall call = new GrpcCall(this, stream, method, headers, request, contentType);
            stream.setProperty(callKey, call);
            call.begin();
            if (end) call.clientEnded();
        }
    }

    private void refuse(Http2Stream stream, String httpStatus, AsciiString contentType, Status why,
            boolean clientDone) {
        Http2Headers answer = ResponseHeaders.trailersOnly(httpStatus, contentType, why,
                Metadata.EMPTY);
        ChannelFuture written = writeHeaders(stream, answer, true);
        if (!clientDone) resetOnceWritten(stream, written);
        touch();
    }

    private void streamClosed(Http2Stream stream) {
        GrpcCall call = call(stream);
        if (call != null) call.streamClosed();
    }

    // What calls write. Nothing here flushes.

    ByteBuf buffer(int bytes) {
        return context().alloc().directBuffer(bytes);
    }

    ChannelPromise promise() {
        return context().newPromise();
    }

    ChannelFuture writeHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        return encoder().writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
    }

    void writeData(Http2Stream stream, ByteBuf data, ChannelPromise promise) {
        encoder().writeData(context(), stream.id(), data, 0, false, promise);
    }

    boolean hasQueued(Http2Stream stream) {
        return encoder().flowController().hasFlowControlled(stream);
    }

    /** Ends the stream at once: what is queued for it is dropped. */
    void reset(Http2Stream stream) {
        encoder().writeRstStream(context(), stream.id(), Http2Error.CANCEL.code(), context().newPromise());
        touch();
    }

    /** Once the trailers are out, tells a client that has not ended its half that nobody reads it any more. */
    void resetOnceWritten(Http2Stream stream, ChannelFuture written) {
        written.addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess() || stream.state() == Http2Stream.State.CLOSED) return;
            encoder().writeRstStream(context(), stream.id(), Http2Error.NO_ERROR.code(), context().newPromise());
            touch();
        });
    }

    /** Gives bytes of a held message back to the client's window. */
    void consumed(Http2Stream stream, int bytes) {
        if (stream.state() == Http2Stream.State.CLOSED) return; // the controller has given them back
        try {
            if (connection().local().flowController().consumeBytes(stream, bytes)) touch();
        } catch (Http2Exception lost) {
            onError(context(), false, lost);
        }
    }
}
