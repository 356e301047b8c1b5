package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.rpc.HttpBody;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.x connection: an exchange at a time; what the client sends ahead waits, undecoded or in a queue of at most
 * one read's messages. Owned by one loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the connection, which is heard elsewhere
final class HttpConnection extends ChannelInboundHandlerAdapter implements NettyLoop.Flushable, ServedConnection {

    private static final long LINGER_MILLIS = 500; // for a client that still sends when its answer is complete
    private static final int IGNORED_BYTES_MAX = 256 * 1024; // of a body nobody wants, before the connection is closed

    private final NettyLoop loop;
    private final HttpHandler handler;
    private final Peer peer;
    private final ArrayDeque<Object> ahead = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable NettyExchange exchange; // the one whose answer is not complete, or whose body still comes
    private boolean bodyEnded = true;
    private boolean ignoring; // the answer is complete, the body is not
    private long ignoredBytes;
    private boolean keepAlive;
    private boolean paused;
    private boolean reading;
    private boolean flushAsked;
    private boolean draining;
    private boolean inputShut;
    private boolean closing;
    private boolean lingering; // our side is ended, what comes is thrown away
    private @Nullable HttpBody upgraded;

    HttpConnection(NettyLoop loop, HttpHandler handler, Peer peer) {
        this.loop = loop;
        this.handler = handler;
        this.peer = peer;
    }

    NettyLoop loop() {
        return loop;
    }

    Peer peer() {
        return peer;
    }

    ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) throw new Check.BrokenInvariant("connection is not in a pipeline");
        return present;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    // What arrives.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (upgraded != null) {
            raw(message);
        } else {
            ahead.add(message);
            proceed();
        }
    }

    private void raw(Object message) {
        HttpBody receiver = upgraded;
        try {
            if (receiver != null && message instanceof ByteBuf bytes && bytes.isReadable()) {
                receiver.chunk(Bytes.of(ByteBufUtil.getBytes(bytes)));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Handles what waits, as far as the present exchange allows. */
    private void proceed() {
        while (!closing && upgraded == null) {
            Object next = ahead.peek();
            if (next == null) break;
            boolean taken = next instanceof HttpRequest request ? head(request) : body(next);
            if (!taken) break;
            ahead.poll();
            ReferenceCountUtil.release(next);
        }
        // Past a whole request in waiting nothing more is read until it is its turn.
        context().channel().config().setAutoRead(closing || upgraded != null || (ahead.isEmpty() && !paused));
    }

    private boolean head(HttpRequest request) {
        if (exchange != null || !bodyEnded) return false;
        if (!request.decoderResult().isSuccess()) {
            refuse(request.decoderResult().cause());
            return true;
        }
        bodyEnded = false;
        ignoring = false;
        ignoredBytes = 0;
        keepAlive = HttpUtil.isKeepAlive(request);
        boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (!http10 && !request.headers().contains(HttpHeaderNames.HOST)) {
            refuse("400", "Bad Request: missing required Host header");
            return true;
        }
        NettyExchange next = new NettyExchange(this, request, http10);
        exchange = next;
        if (request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*")) {
            next.respond(200, Metadata.EMPTY, Bytes.EMPTY);
        } else {
            handler.handle(next);
        }
        return true;
    }

    private boolean body(Object message) {
        if (!(message instanceof HttpContent content)) return true;
        if (!content.decoderResult().isSuccess()) {
            closing = true; // the framing is lost, so no answer can be placed either
            context().close();
            return true;
        }
        NettyExchange present = exchange;
        int length = content.content().readableBytes();
        if (ignoring) {
            ignoredBytes += length;
            if (ignoredBytes > IGNORED_BYTES_MAX) {
                closing = true;
                context().close();
            }
        } else if (present != null) {
            if (!present.wantsBody()) return false;
            if (length > 0) present.chunk(Bytes.of(ByteBufUtil.getBytes(content.content())));
        }
        if (content instanceof LastHttpContent) {
            bodyEnded = true;
            ignoring = false;
            if (present != null && exchange == present) present.bodyEnd();
        }
        return true;
    }

    private void refuse(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) refuse("431", "Request Header Fields Too Large");
        else if (cause instanceof TooLongHttpLineException) refuse("414", "Request URI Too Long");
        else refuse("400", "Bad Request: invalid header name");
    }

    private void refuse(String code, String reason) {
        String text = code + " " + reason;
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                new HttpResponseStatus(Integer.parseInt(code), reason),
                Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII),
                DefaultHttpHeadersFactory.headersFactory(), DefaultHttpHeadersFactory.trailersFactory());
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        answer.headers().set(HttpHeaderNames.CONNECTION, "close");
        closing = true;
        context().writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    // What the exchange asks for.

    /** The exchange takes its body from now on, or has paused it. */
    void bodyWanted(boolean pause) {
        paused = pause;
        loop.execute(this::proceed);
    }

    /** The answer of the exchange is complete. */
    void answered(NettyExchange done) {
        if (exchange != done) return;
        exchange = null;
        paused = false;
        if (!keepAlive || draining || inputShut || done.mustClose()) {
            closeAfterWrite();
            return;
        }
        if (!bodyEnded) ignoring = true;
        loop.execute(this::proceed);
    }

    private void closeAfterWrite() {
        closing = true;
        ChannelFuture written = context().writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (bodyEnded || inputShut || !(context().channel() instanceof DuplexChannel socket)) {
            written.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        // Closing with bytes unread would reset the connection and may cost the client the answer: end our side, read
        // on for a moment and throw away.
        written.addListener((ChannelFutureListener) _ -> {
            lingering = true;
            socket.shutdownOutput();
            context().executor().schedule(() -> context().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    /** Whether the connection stays open after the present answer. */
    boolean staysOpen() {
        return keepAlive && !draining;
    }

    /** Turns into a stream of plain bytes. */
    void upgrade(HttpBody receiver) {
        ChannelHandlerContext ctx = context();
        upgraded = receiver;
        for (Object early = ahead.poll(); early != null; early = ahead.poll()) ReferenceCountUtil.release(early);
        ctx.pipeline().remove(HttpServerCodec.class); // hands over bytes not yet decoded
        ctx.channel().config().setAutoRead(true);
    }

    void touch() {
        if (reading || flushAsked) return;
        flushAsked = true;
        loop.flushLater(this);
    }

    @Override
    public void flushNow() {
        flushAsked = false;
        context().flush();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        NettyExchange present = exchange;
        if (present != null && ctx.channel().isWritable()) loop.execute(present::resumed);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputShut = true;
            if (lingering) ctx.close();
            if (upgraded != null) upgraded.end();
            if (exchange != null) exchange.gone(false);
            if (exchange == null && upgraded == null) closeAfterWrite();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        for (Object early = ahead.poll(); early != null; early = ahead.poll()) ReferenceCountUtil.release(early);
        NettyExchange present = exchange;
        exchange = null;
        if (present != null) present.gone(true);
        HttpBody receiver = upgraded;
        if (receiver != null && !inputShut) receiver.end();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            loop.failed(cause); // a service threw: the owner decides; the connection ends in any case
        }
        ctx.close();
    }

    @Override
    public void drain() {
        draining = true;
        if (exchange == null) closeAfterWrite();
    }

    @Override
    public void stop() {
        context().close();
    }
}
