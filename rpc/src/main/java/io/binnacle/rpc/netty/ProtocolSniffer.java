package io.binnacle.rpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection: the HTTP/2 preface, or a line that ends in {@code HTTP/1.x}; anything else
 * is closed without a byte. The bytes go on to the protocol's own handlers, for which it makes room.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the connection, which is heard elsewhere
final class ProtocolSniffer extends ByteToMessageDecoder {

    private static final int LINE_BYTES_MAX = 64 * 1024;

    /** What the first bytes mean. */
    enum Protocol {
        /** gRPC and nothing else. */
        HTTP2,
        /** HTTP/1.0 or HTTP/1.1. */
        HTTP1
    }

    private final long patienceNanos;
    private final BiConsumer<ChannelHandlerContext, Protocol> chosen;
    private @Nullable Future<?> timer;

    ProtocolSniffer(long patienceNanos, BiConsumer<ChannelHandlerContext, Protocol> chosen) {
        this.patienceNanos = patienceNanos;
        this.chosen = chosen;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> ctx.close(), patienceNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        Future<?> set = timer;
        if (set != null) set.cancel(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) ctx.close(); // the client has gone before it said anything
        else ctx.fireExceptionCaught(cause);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        try {
            int common = Math.min(in.readableBytes(), preface.readableBytes());
            boolean maybePreface = equal(in, preface, common);
            if (maybePreface && common < preface.readableBytes()) return; // more must come
            if (maybePreface) choose(ctx, Protocol.HTTP2);
            else line(ctx, in);
        } finally {
            preface.release();
        }
    }

    private static boolean equal(ByteBuf in, ByteBuf preface, int count) {
        for (int at = 0; at < count; at++) {
            if (in.getByte(in.readerIndex() + at) != preface.getByte(at)) return false;
        }
        return true;
    }

    private void line(ChannelHandlerContext ctx, ByteBuf in) {
        int start = in.readerIndex();
        int scan = Math.min(in.readableBytes(), LINE_BYTES_MAX);
        for (int at = start; at < start + scan; at++) {
            int b = in.getByte(at);
            if (b == '\n') {
                if (endsInVersion(in, start, at)) choose(ctx, Protocol.HTTP1);
                else refuse(ctx, in);
                return;
            }
            if (b != '\r' && b >= 0 && b < 0x20) { // a TLS hello, a port scan: no text
                refuse(ctx, in);
                return;
            }
        }
        if (scan == LINE_BYTES_MAX) refuse(ctx, in);
    }

    private static boolean endsInVersion(ByteBuf in, int start, int lineFeed) {
        int end = lineFeed > start && in.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
        int from = end - " HTTP/1.x".length();
        if (from <= start) return false;
        for (int at = 0; at < " HTTP/1.".length(); at++) {
            if (in.getByte(from + at) != " HTTP/1.".charAt(at)) return false;
        }
        byte minor = in.getByte(end - 1);
        return minor == '0' || minor == '1';
    }

    private void choose(ChannelHandlerContext ctx, Protocol protocol) {
        chosen.accept(ctx, protocol);
        ctx.pipeline().remove(this);
    }

    private static void refuse(ChannelHandlerContext ctx, ByteBuf in) {
        in.skipBytes(in.readableBytes());
        ctx.close();
    }
}
