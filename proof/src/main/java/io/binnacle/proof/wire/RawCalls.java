package io.binnacle.proof.wire;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * gRPC calls whose messages are plain bytes, on one connection to one server. Any thread.
 *
 * <p>A call waits for the connection, so that a server may be restarted under it; its deadline bounds the wait.
 */
public final class RawCalls implements AutoCloseable {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("reading a message", e);
            }
        }
    };

    private final ManagedChannel channel;

    /** Connects when the first call is made. {@code address} is {@code host:port}. */
    public RawCalls(String address) {
        channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .maxInboundMetadataSize(1 << 20)
                .disableRetry()
                .build();
    }

    /** One request, one answer: a message or an end that is not OK. */
    public Outcome unary(String path, byte[] request, Map<String, String> metadata, Duration deadline) {
        return answer(start(path, request, metadata, deadline), deadline);
    }

    /** Sends one request without waiting for what {@link #answer} gives. */
    public OpenCall start(String path, byte[] request, Map<String, String> metadata, Duration deadline) {
        OpenCall call = open(path, metadata, deadline);
        call.send(request);
        call.halfClose();
        return call;
    }

    /** The answer of a call that was started: a message or an end that is not OK. */
    public static Outcome answer(OpenCall call, Duration deadline) {
        Outcome first = call.receive(deadline.plusSeconds(1));
        if (!(first instanceof Outcome.Message)) {
            return first;
        }
        Outcome end = call.receive(deadline.plusSeconds(1));
        return end instanceof Outcome.End e && e.ok() ? first : end;
    }

    /** Opens a call of any kind; the caller sends, half-closes and receives. */
    public OpenCall open(String path, Map<String, String> metadata, Duration deadline) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.BIDI_STREAMING) // the framing is the same for all kinds; the caller keeps to the method's
                .setFullMethodName(path.substring(1))
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
        ClientCall<byte[], byte[]> call = channel.newCall(
                method, CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS));
        return OpenCall.start(call, headers(metadata));
    }

    private static Metadata headers(Map<String, String> metadata) {
        Metadata headers = new Metadata();
        metadata.forEach((name, value) -> headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return headers;
    }

    /** Ends every open call and the connection. */
    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a channel did not end within 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
