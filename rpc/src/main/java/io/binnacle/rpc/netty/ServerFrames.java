package io.binnacle.rpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Frames as Netty writes them, but the settings in the order that gRPC servers in Go send: frame size, then streams. Tells
 * what forgives pings when it is written, not when it is queued behind a window: a client that measures the line with a
 * ping per read would else be ended in the middle of a long answer.
 */
final class ServerFrames extends DefaultHttp2FrameWriter {

    private static final char[] ORDER = {Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE,
            Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS};

    private final KeepAlive keepAlive;

    ServerFrames(KeepAlive keepAlive) {
        super(new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, false));
        this.keepAlive = keepAlive;
    }

    @Override
    public ChannelFuture writeData(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endStream,
            ChannelPromise promise) {
        keepAlive.sent();
        return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeHeaders(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
            boolean endStream, ChannelPromise promise) {
        keepAlive.sent();
        return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        ByteBuf frame = ctx.alloc().buffer(9 + 6 * ORDER.length);
        int count = 0;
        frame.writeZero(9);
        for (char key : ORDER) {
            Long value = settings.get(key);
            if (value == null) continue;
            frame.writeShort(key).writeInt(value.intValue());
            count++;
        }
        frame.setMedium(0, 6 * count).setByte(3, Http2FrameTypes.SETTINGS); // flags 0, stream 0
        return ctx.write(frame, promise);
    }
}
