package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.binnacle.rpc.RpcMethod;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.UnimplementedServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cases of grpc's interop-test-descriptions.md with grpc-java's client and published stubs. */
class InteropTest {

    private TestServer server;
    private ManagedChannel channel;
    private TestServiceGrpc.TestServiceBlockingStub blocking;
    private TestServiceGrpc.TestServiceStub async;

    @BeforeEach
    void open() throws Exception {
        server = new TestServer(RpcConfig.defaults(), exchange -> exchange.abort(),
                InteropService.methods().toArray(RpcMethod[]::new));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext()
                .maxInboundMessageSize(16 << 20).build();
        blocking = TestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        async = TestServiceGrpc.newStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        server.close();
    }

    /** Collects a call's events. */
    private static final class Events<M> implements StreamObserver<M> {
        private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(1000);

        @Override
        public void onNext(M message) {
            queue.add(message);
        }

        @Override
        public void onError(Throwable error) {
            queue.add(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            queue.add(Status.OK);
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(queue.poll(10, TimeUnit.SECONDS), "nothing came");
        }

        Status.Code end() throws InterruptedException {
            return ((Status) next()).getCode();
        }
    }

    private static SimpleRequest large() {
        return SimpleRequest.newBuilder().setResponseSize(314159)
                .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[271828]))).build();
    }

    private static StreamingOutputCallRequest output(int size, int intervalMicros) {
        return StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(ResponseParameters.newBuilder().setSize(size).setIntervalUs(intervalMicros)).build();
    }

    @Test
    void emptyUnary() {
        assertThat(blocking.emptyCall(Empty.getDefaultInstance())).isEqualTo(Empty.getDefaultInstance());
    }

    @Test
    void largeUnary() {
        assertThat(blocking.unaryCall(large()).getPayload().getBody().size()).isEqualTo(314159);
    }

    @Test
    void clientAndServerCompressedUnary() {
        SimpleResponse response = blocking.withCompression("gzip").unaryCall(large());
        assertThat(response.getPayload().getBody().size()).isEqualTo(314159);
    }

    @Test
    void clientStreaming() throws Exception {
        Events<StreamingInputCallResponse> events = new Events<>();
        StreamObserver<StreamingInputCallRequest> requests = async.streamingInputCall(events);
        for (int size : new int[] {27182, 8, 1828, 45904}) {
            requests.onNext(StreamingInputCallRequest.newBuilder()
                    .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size]))).build());
        }
        requests.onCompleted();
        assertThat(((StreamingInputCallResponse) events.next()).getAggregatedPayloadSize()).isEqualTo(74922);
        assertThat(events.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void serverStreaming() {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        List<Integer> sizes = List.of(31415, 9, 2653, 58979);
        for (int size : sizes) request.addResponseParameters(ResponseParameters.newBuilder().setSize(size));
        List<Integer> got = new ArrayList<>();
        blocking.streamingOutputCall(request.build()).forEachRemaining(r -> got.add(r.getPayload().getBody().size()));
        assertThat(got).isEqualTo(sizes);
    }

    @Test
    void veryLargeServerStreamWithSlowReader() {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        for (int made = 0; made < 100; made++) request.addResponseParameters(ResponseParameters.newBuilder().setSize(100_000));
        int[] got = new int[1];
        blocking.withCompression("gzip").streamingOutputCall(request.build())
                .forEachRemaining(r -> got[0] += r.getPayload().getBody().size());
        assertThat(got[0]).isEqualTo(10_000_000);
    }

    @Test
    void pingPong() throws Exception {
        Events<StreamingOutputCallResponse> events = new Events<>();
        StreamObserver<StreamingOutputCallRequest> requests = async.fullDuplexCall(events);
        for (int size : new int[] {31415, 9, 2653, 58979}) {
            requests.onNext(output(size, 0));
            assertThat(((StreamingOutputCallResponse) events.next()).getPayload().getBody().size()).isEqualTo(size);
        }
        requests.onCompleted();
        assertThat(events.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void emptyStream() throws Exception {
        Events<StreamingOutputCallResponse> events = new Events<>();
        async.fullDuplexCall(events).onCompleted();
        assertThat(events.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void cancelAfterBegin() throws Exception {
        Events<StreamingInputCallResponse> events = new Events<>();
        async.streamingInputCall(events).onError(new RuntimeException("enough"));
        assertThat(events.end()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void cancelAfterFirstResponse() throws Exception {
        Events<StreamingOutputCallResponse> events = new Events<>();
        StreamObserver<StreamingOutputCallRequest> requests = async.fullDuplexCall(events);
        requests.onNext(output(31415, 0));
        events.next();
        requests.onError(new RuntimeException("enough"));
        assertThat(events.end()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void timeoutOnSleepingServer() throws Exception {
        Events<StreamingOutputCallResponse> events = new Events<>();
        StreamObserver<StreamingOutputCallRequest> requests =
                async.withDeadlineAfter(50, TimeUnit.MILLISECONDS).fullDuplexCall(events);
        requests.onNext(output(10, 10_000_000));
        assertThat(events.end()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void statusCodeAndSpecialMessage() throws Exception {
        String message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
        EchoStatus status = EchoStatus.newBuilder().setCode(2).setMessage(message).build();
        StatusRuntimeException unary = catchThrowableOfType(StatusRuntimeException.class,
                () -> blocking.unaryCall(SimpleRequest.newBuilder().setResponseStatus(status).build()));
        assertThat(unary.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(unary.getStatus().getDescription()).isEqualTo(message);

        Events<StreamingOutputCallResponse> events = new Events<>();
        async.fullDuplexCall(events).onNext(StreamingOutputCallRequest.newBuilder().setResponseStatus(status).build());
        Status duplex = (Status) events.next();
        assertThat(duplex.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(duplex.getDescription()).isEqualTo(message);
    }

    @Test
    void unimplementedMethodAndService() {
        StatusRuntimeException method = catchThrowableOfType(StatusRuntimeException.class,
                () -> blocking.unimplementedCall(Empty.getDefaultInstance()));
        assertThat(method.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        StatusRuntimeException service = catchThrowableOfType(StatusRuntimeException.class,
                () -> UnimplementedServiceGrpc.newBlockingStub(channel).unimplementedCall(Empty.getDefaultInstance()));
        assertThat(service.getStatus().getDescription()).isEqualTo("unknown service grpc.testing.UnimplementedService");
    }

    @Test
    void customMetadata() throws Exception {
        Metadata.Key<String> initial = Metadata.Key.of("x-grpc-test-echo-initial", Metadata.ASCII_STRING_MARSHALLER);
        Metadata.Key<byte[]> trailing = Metadata.Key.of("x-grpc-test-echo-trailing-bin", Metadata.BINARY_BYTE_MARSHALLER);
        Metadata sent = new Metadata();
        sent.put(initial, "test_initial_metadata_value");
        sent.put(trailing, new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab});
        AtomicReference<@Nullable Metadata> headers = new AtomicReference<>();
        AtomicReference<@Nullable Metadata> trailers = new AtomicReference<>();
        ClientInterceptor capture = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers);

        blocking.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent), capture).unaryCall(large());

        assertThat(Objects.requireNonNull(headers.get()).get(initial)).isEqualTo("test_initial_metadata_value");
        assertThat(Objects.requireNonNull(trailers.get()).get(trailing)).containsExactly(0xab, 0xab, 0xab);
    }

    @Test
    void manyCallsAtOnce() throws Exception {
        Events<Empty> events = new Events<>();
        int calls = 450;
        for (int made = 0; made < calls; made++) {
            ClientCalls.asyncUnaryCall(channel.newCall(TestServiceGrpc.getEmptyCallMethod(), CallOptions.DEFAULT),
                    Empty.getDefaultInstance(), events);
        }
        for (int heard = 0; heard < 2 * calls; heard++) {
            assertThat(events.next()).isIn(Empty.getDefaultInstance(), Status.OK);
        }
    }
}
