package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.RpcObserver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server of gRPC methods and HTTP/1.1 handlers on any number of listeners. Its life: {@link Builder#bind} (the kernel
 * takes connections, nobody answers yet), {@link #serve}, {@link #shutdownGracefully}. Methods may be called from any
 * thread that is not a loop.
 */
public final class RpcServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final RpcLoops loops;
    private final List<Channel> listeners = new ArrayList<>();
    private final Connections connections;

    private RpcServer(RpcLoops loops, Connections connections) {
        this.loops = loops;
        this.connections = connections;
    }

    /** Makes the handler that encrypts one connection; it goes in front of everything else. */
    @FunctionalInterface
    public interface Encryption {
        /** A new handler. */
        SslHandler handler(ByteBufAllocator allocator);
    }

    /** Starts to describe a server on these loops. */
    public static Builder builder(RpcLoops loops) {
        return new Builder(loops);
    }

    /** Describes a server. */
    public static final class Builder {
        private final RpcLoops loops;
        private final List<RpcMethod> methods = new ArrayList<>();
        private RpcConfig config = RpcConfig.defaults();
        private RpcObserver observer = RpcObserver.NONE;
        private @Nullable HttpHandler http;
        private @Nullable Encryption encryption;

        private Builder(RpcLoops loops) {
            this.loops = loops;
        }

        /** Offers gRPC methods. */
        public Builder methods(List<RpcMethod> offered) {
            methods.addAll(offered);
            return this;
        }

        /** Answers HTTP/1.x requests; without one their connections are closed. */
        public Builder http(HttpHandler handler) {
            http = handler;
            return this;
        }

        /** Sets the limits. */
        public Builder config(RpcConfig limits) {
            config = limits;
            return this;
        }

        /** Reports to this observer. */
        public Builder observer(RpcObserver hears) {
            observer = hears;
            return this;
        }

        /** Encrypts every connection. */
        public Builder encryption(Encryption tls) {
            encryption = tls;
            return this;
        }

        /**
         * Binds the addresses (host and port, or a {@link java.net.UnixDomainSocketAddress}); connections wait in the
         * kernel until {@link RpcServer#serve}.
         *
         * @throws IOException if one can't be bound; those bound before are closed
         */
        public RpcServer bind(List<? extends SocketAddress> addresses) throws IOException {
            List<MethodTable> tables = new ArrayList<>();
            for (int loop = 0; loop < loops.count(); loop++) tables.add(new MethodTable(methods, observer, loop));
            Connections connections = new Connections(loops, config, tables, http, encryption, observer);
            RpcServer server = new RpcServer(loops, connections);
            for (SocketAddress address : addresses) server.bind(address);
            return server;
        }
    }

    private void bind(SocketAddress address) throws IOException {
        boolean tcp = address instanceof InetSocketAddress;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.channelOf(address))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(RpcConfig.SOCKET_BYTES_LOW, RpcConfig.SOCKET_BYTES_HIGH))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.accepted(channel);
                    }
                });
        if (tcp) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        var bound = bootstrap.bind(loops.nativeAddress(address)).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            close();
            throw cause instanceof IOException failed ? failed : new IOException(cause);
        }
        listeners.add(bound.channel());
        connections.listener(bound.channel());
    }

    /** The addresses bound, in the order given, with the port the system chose where 0 was asked for. */
    public List<SocketAddress> addresses() {
        List<SocketAddress> addresses = new ArrayList<>();
        for (Channel listener : listeners) addresses.add(listener.localAddress());
        return addresses;
    }

    /** The port of the first listener. */
    public int port() {
        Check.that(!listeners.isEmpty(), "no listener");
        return listeners.getFirst().localAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    /** Begins to accept connections. */
    public void serve() {
        connections.serve();
    }

    /** The number of open connections. */
    public int connectionCount() {
        return connections.count();
    }

    /**
     * Closes the listeners, tells every client to go away, lets open calls end, and at the deadline ends them with
     * UNAVAILABLE. The future completes once all connections are gone.
     */
    public CompletableFuture<Void> shutdownGracefully(long deadlineNanos) {
        for (Channel listener : listeners) listener.close().awaitUninterruptibly();
        CompletableFuture<Void> gone = connections.drain();
        var timer = loops.at(0).eventLoop().schedule(connections::stop, deadlineNanos, TimeUnit.NANOSECONDS);
        return gone.whenComplete((_, _) -> timer.cancel(false));
    }

    /** Ends everything at once and waits until it is gone, at most five seconds. */
    @Override
    public void close() {
        for (Channel listener : listeners) listener.close().awaitUninterruptibly();
        CompletableFuture<Void> gone = connections.drain();
        connections.stop();
        gone.completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
    }
}
