package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import io.binnacle.rpc.Loop;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The event loops that servers run on: epoll where the system has it, else NIO. One set serves all listeners of a
 * member, so that an index names one thread for all of them.
 */
public final class RpcLoops implements AutoCloseable {

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;
    private final List<NettyLoop> loops;

    private RpcLoops(boolean epoll, MultiThreadIoEventLoopGroup group, List<NettyLoop> loops) {
        this.epoll = epoll;
        this.group = group;
        this.loops = loops;
    }

    /** Half the processors, at least one. */
    public static int defaultCount() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /**
     * Starts loops.
     *
     * @param count how many, at least one
     * @param threadName the name of the threads, to which a number is added
     * @param failures hears what a service threw on a loop; a broken invariant, so its owner should stop the process
     */
    public static RpcLoops start(int count, String threadName, Consumer<Throwable> failures) {
        Check.that(count >= 1, "at least one loop");
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(threadName, true), io);
        List<NettyLoop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            loops.add(new NettyLoop(loops.size(), count, (EventLoop) executor, failures));
        }
        return new RpcLoops(epoll, group, List.copyOf(loops));
    }

    /** The loops, by index. */
    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    NettyLoop at(int index) {
        return loops.get(index);
    }

    NettyLoop of(EventLoop eventLoop) {
        for (NettyLoop loop : loops) {
            if (loop.eventLoop() == eventLoop) return loop;
        }
        throw new Check.BrokenInvariant("a channel of another group");
    }

    int count() {
        return loops.size();
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> channelOf(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        }
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    SocketAddress nativeAddress(SocketAddress address) {
        return epoll && address instanceof UnixDomainSocketAddress unix
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }

    /** Ends the threads; connections still open are closed. Waits up to five seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
