package io.binnacle.rpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/** Takes the frames of one connection to its calls. */
final class GrpcFrames extends Http2FrameAdapter {

    private static final int EMPTY_FRAMES_MAX = 1000; // in a row; they cost us and carry nothing

    private final GrpcConnection connection;
    private int emptyFrames;

    GrpcFrames(GrpcConnection connection) {
        this.connection = connection;
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency,
            short weight, boolean exclusive, int padding, boolean end) throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        Http2Stream stream = connection.connection().stream(streamId);
        if (stream == null) return;
        GrpcCall call = connection.call(stream);
        if (call == null) connection.start(stream, headers, end);
        else if (end) call.clientEnded(); // trailers of the client
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        int length = data.readableBytes();
        if (length > 0 || end) emptyFrames = 0;
        else if (++emptyFrames > EMPTY_FRAMES_MAX) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many empty frames");
        }
        Http2Stream stream = connection.connection().stream(streamId);
        GrpcCall call = stream == null ? null : connection.call(stream);
        return padding + (call == null ? length : call.data(data, end));
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
        connection.pinged();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.pingAcknowledged(data);
    }
}
