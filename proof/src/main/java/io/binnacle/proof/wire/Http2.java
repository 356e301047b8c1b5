package io.binnacle.proof.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One cleartext HTTP/2 stream with prior knowledge, a connection of its own each. Any thread. */
public final class Http2 {
    private static final long EXCHANGE_SECONDS_MAX = 20;

    private Http2() {}

    /**
     * Sends a request and waits for the end of its stream. A header value {@code hex:ff00} stands for those bytes.
     *
     * @throws IOException if the stream is reset or does not end in time
     */
    public static Exchange exchange(int port, String method, String path, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel connection = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(Http2FrameCodecBuilder.forClient().validateHeaders(false).build())
                                    .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                        }
                    })
                    .connect("127.0.0.1", port)
                    .sync()
                    .channel();
            Answer answer = new Answer();
            Http2StreamChannel stream =
                    new Http2StreamChannelBootstrap(connection).handler(answer).open().sync().getNow();
            boolean bodiless = body == null;
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(head(port, method, path, headers), bodiless)).sync();
            if (body != null) {
                stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true)).addListener(answer::onSent);
            }
            Exchange exchange = answer.done.get(EXCHANGE_SECONDS_MAX, TimeUnit.SECONDS);
            connection.close().sync();
            return exchange;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    private static Http2Headers head(int port, String method, String path, Map<String, String> headers) {
        Http2Headers all = new DefaultHttp2Headers(false)
                .method(method)
                .scheme("http")
                .path(path)
                .authority("127.0.0.1:" + port);
        headers.forEach((name, value) -> all.add(
                name,
                value.startsWith("hex:") ? new AsciiString(HexFormat.of().parseHex(value.substring(4)), false) : AsciiString.of(value)));
        return all;
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Exchange> done = new CompletableFuture<>();
        private final Map<String, String> headers = new HashMap<>();
        private final Map<String, String> trailers = new HashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;
        private boolean headSeen;

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            try {
                boolean last = false;
                switch (frame) {
                    case Http2HeadersFrame head -> {
                        Map<String, String> target = headSeen ? trailers : headers;
                        head.headers().forEach(e -> target.put(e.getKey().toString(), e.getValue().toString()));
                        if (!headSeen) {
                            status = Integer.parseInt(String.valueOf(head.headers().status()));
                        }
                        headSeen = true;
                        last = head.isEndStream();
                    }
                    case Http2DataFrame data -> {
                        byte[] bytes = new byte[data.content().readableBytes()];
                        data.content().readBytes(bytes);
                        body.writeBytes(bytes);
                        last = data.isEndStream();
                    }
                    case Http2ResetFrame reset -> end(new IOException("stream reset, code " + reset.errorCode()));
                    default -> {} // settings, window updates: the codec's business
                }
                if (last) {
                    done.complete(new Exchange(status, headers, trailers, body.toByteArray()));
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                end(new IOException("stream reset, code " + reset.errorCode()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(new IOException("connection closed"));
        }

        /** A refused request may be reset before its body is out; that counts only if no answer comes. */
        private void onSent(Future<? super Void> sent) {
            if (!sent.isSuccess() && !headSeen) {
                end(new IOException("request not sent", sent.cause()));
            }
        }

        private void end(IOException why) {
            done.completeExceptionally(why);
        }
    }
}
