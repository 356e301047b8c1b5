package io.binnacle.rpc.netty;

import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.RpcObserver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open connections of a server: makes their pipelines, counts them, drains and stops them. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the connection, which is heard elsewhere
final class Connections {

    private static final int LINE_BYTES_MAX = 64 * 1024;
    private static final int CHUNK_BYTES_MAX = 64 * 1024;

    private final RpcLoops loops;
    private final RpcConfig config;
    private final List<MethodTable> tables;
    private final @Nullable HttpHandler http;
    private final RpcServer.@Nullable Encryption encryption;
    private final RpcObserver observer;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final List<Channel> listeners = new ArrayList<>(); // guarded by this
    private volatile boolean serving;
    private volatile boolean draining;

    Connections(RpcLoops loops, RpcConfig config, List<MethodTable> tables, @Nullable HttpHandler http,
            RpcServer.@Nullable Encryption encryption, RpcObserver observer) {
        this.loops = loops;
        this.config = config;
        this.tables = List.copyOf(tables);
        this.http = http;
        this.encryption = encryption;
        this.observer = observer;
    }

    int count() {
        return open.size();
    }

    synchronized void listener(Channel listener) {
        listeners.add(listener);
    }

    void serve() {
        serving = true;
        admit();
    }

    /** Accepts while there is room: further connections wait in the kernel. */
    private synchronized void admit() {
        boolean room = serving && !draining && (config.connectionsMax() == 0 || open.size() < config.connectionsMax());
        for (Channel listener : listeners) listener.config().setAutoRead(room);
    }

    /** Makes the pipeline of a new connection; on its loop. */
    void accepted(Channel channel) {
        if (draining) {
            channel.close();
            return;
        }
        NettyLoop loop = loops.of(channel.eventLoop());
        open.add(channel);
        observer.connectionOpened(loop.index());
        if (config.connectionsMax() > 0) admit();
        channel.closeFuture().addListener((ChannelFutureListener) _ -> {
            open.remove(channel);
            observer.connectionClosed(loop.index());
            if (config.connectionsMax() > 0) admit();
            if (draining && open.isEmpty()) gone.complete(null);
        });
        ChannelPipeline pipeline = channel.pipeline();
        RpcServer.Encryption tls = encryption;
        if (tls != null) {
            SslHandler handler = tls.handler(channel.alloc());
            pipeline.addLast(handler);
        }
        pipeline.addLast(new ReadGate());
        pipeline.addLast(new ProtocolSniffer(config.headReadNanos(), (ctx, protocol) -> chosen(ctx, loop, protocol)));
        if (draining) channel.close(); // the drain may have looked before this one was in the set
    }

    private void chosen(ChannelHandlerContext ctx, NettyLoop loop, ProtocolSniffer.Protocol protocol) {
        ChannelPipeline pipeline = ctx.pipeline();
        Peer peer = Peer.of(ctx.channel());
        HttpHandler handler = http;
        switch (protocol) {
            case HTTP2 -> {
                pipeline.addLast(GrpcConnection.create(config, loop, tables.get(loop.index()), peer));
                pipeline.addLast(new CloseOnHalfClose());
            }
            case HTTP1 -> {
                if (handler == null) {
                    ctx.close();
                    return;
                }
                pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(LINE_BYTES_MAX)
                        .setMaxHeaderSize(config.headerBytesMax())
                        .setMaxChunkSize(CHUNK_BYTES_MAX)));
                pipeline.addLast(new HttpConnection(loop, handler, peer));
            }
        }
    }

    /** An HTTP/2 client that closes its sending side can't even acknowledge, so its connection is over. */
    private static final class CloseOnHalfClose extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) ctx.close();
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Drains every connection; the future completes when none is left. */
    CompletableFuture<Void> drain() {
        draining = true;
        for (Channel channel : open) {
            channel.eventLoop().execute(() -> {
                ServedConnection served = served(channel);
                if (served == null) channel.close();
                else served.drain();
            });
        }
        if (open.isEmpty()) gone.complete(null);
        return gone;
    }

    /** Ends every connection now. */
    void stop() {
        for (Channel channel : open) {
            channel.eventLoop().execute(() -> {
                ServedConnection served = served(channel);
                if (served == null) channel.close();
                else served.stop();
            });
        }
    }

    private static @Nullable ServedConnection served(Channel channel) {
        ServedConnection grpc = channel.pipeline().get(GrpcConnection.class);
        return grpc != null ? grpc : channel.pipeline().get(HttpConnection.class);
    }
}
