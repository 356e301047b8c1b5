package io.binnacle.rpc.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Stops reading a connection whose client does not take what is sent to it, until it does. So what a client makes the
 * server write without window (header blocks, acknowledgements) is bounded by one read's worth past the high-water
 * mark of the socket.
 */
final class ReadGate extends ChannelDuplexHandler {

    private boolean shut;

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!shut) ctx.read();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete(); // flushes
        if (!shut && !ctx.channel().isWritable()) {
            shut = true;
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
        if (shut && ctx.channel().isWritable()) {
            shut = false;
            ctx.channel().config().setAutoRead(true);
        }
    }
}
