package io.binnacle.bench.load;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection to a server on loopback. Any thread. */
public final class Connection implements AutoCloseable {

    /** One loop for all connections, as {@code h2load -t 1}: the client takes one processor at most. */
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1,
            Thread.ofPlatform().daemon().name("load").factory(), EpollIoHandler.newFactory());

    private static final int MESSAGE_BYTES_MAX = 1 << 30;
    private static final long CLOSE_SECONDS_MAX = 10;

    private final ManagedChannel channel;

    private Connection(ManagedChannel channel) {
        this.channel = channel;
    }

    /** A connection, made with the first call. */
    public static Connection to(int port) {
        return new Connection(builder(port).build());
    }

    /** A connection that lets the server send no more than 64 KiB ahead of what has arrived. */
    public static Connection withSmallWindow(int port) {
        return new Connection(builder(port).flowControlWindow(64 << 10).build());
    }

    private static NettyChannelBuilder builder(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor()
                .eventLoopGroup(LOOP).channelType(EpollSocketChannel.class).maxInboundMessageSize(MESSAGE_BYTES_MAX);
    }

    /** Takes the outcome of a call, on the event loop: must not block. */
    @FunctionalInterface
    interface Answer {
        /** The response is null unless the status is OK. */
        void ended(Status status, byte @Nullable [] response);
    }

    /** Begins a unary call. */
    void call(Method method, byte[] message, Answer answer) {
        ClientCall<byte[], byte[]> call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {
            private byte @Nullable [] response;

            @Override
            public void onMessage(byte[] message) {
                response = message;
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                answer.ended(status, response);
            }
        }, new Metadata());
        call.request(2); // one would do, the second asks for the half-close at once
        call.sendMessage(message);
        call.halfClose();
    }

    /** A call whose messages the caller takes itself. */
    ClientCall<byte[], byte[]> stream(Method method) {
        return channel.newCall(method.descriptor(), CallOptions.DEFAULT);
    }

    /**
     * Makes a unary call and waits for its response.
     *
     * @throws IOException if it fails or takes longer; the message holds the status
     */
    public byte[] await(Request request, long secondsMax) throws IOException, InterruptedException {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        call(request.method(), request.message(), (status, response) -> {
            if (status.isOk() && response != null) done.complete(response);
            else done.completeExceptionally(new IOException(request.method().path() + ": " + status));
        });
        return get(done, secondsMax);
    }

    /** Reads a server's stream to its end and answers the bytes of its messages. */
    public long drain(Request request, long secondsMax) throws IOException, InterruptedException {
        CompletableFuture<Long> done = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = stream(request.method());
        call.start(new ClientCall.Listener<>() {
            private long bytes;

            @Override
            public void onMessage(byte[] message) {
                bytes += message.length;
                call.request(1);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                if (status.isOk()) done.complete(bytes);
                else done.completeExceptionally(new IOException(request.method().path() + ": " + status));
            }
        }, new Metadata());
        call.request(2);
        call.sendMessage(request.message());
        call.halfClose();
        return get(done, secondsMax);
    }

    private static <T> T get(CompletableFuture<T> done, long secondsMax) throws IOException, InterruptedException {
        try {
            return done.get(secondsMax, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + secondsMax + " s", e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
