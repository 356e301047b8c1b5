package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The recorded connections: settings, pings, going away. */
class Http2WireTest {

    private static final RpcMethod ECHO = new RpcMethod("test.Test", "Echo", CallKind.UNARY,
            TestServer.onMessage((call, message) -> call.reply(message)));
    private static final RpcMethod NEVER = new RpcMethod("test.Test", "Never", CallKind.UNARY,
            TestServer.onMessage((_, _) -> {}));

    private static String firstFrames(RpcConfig config) throws IOException {
        try (TestServer server = new TestServer(config, exchange -> exchange.abort(), ECHO);
                RawClient client = new RawClient(server.port())) {
            client.bytes(RawClient.PREFACE.getBytes(StandardCharsets.US_ASCII));
            client.send(RawClient.SETTINGS, 0, 0);
            client.send(RawClient.PING, 0, 0, new byte[8]);
            client.flush();
            RawClient.Frame settings = client.next(RawClient.SETTINGS);
            RawClient.Frame second = client.must();
            RawClient.Frame third = client.must();
            assertThat(second.type()).isEqualTo(RawClient.SETTINGS);
            assertThat(second.flags()).isEqualTo(RawClient.ACK);
            assertThat(third.type()).isEqualTo(RawClient.PING); // nothing between
            return HexFormat.of().formatHex(settings.payload());
        }
    }

    @Test
    void theFirstFramesAreSettingsWithTheFrameSizeAndTheAcknowledgement() throws IOException {
        assertThat(firstFrames(RpcConfig.defaults())).isEqualTo("000500004000");
        assertThat(firstFrames(RpcConfig.defaults().withMaxConcurrentStreams(0))).isEqualTo("000500004000");
        assertThat(firstFrames(RpcConfig.defaults().withMaxConcurrentStreams(10))).isEqualTo("00050000400000030000000a");
    }

    @Test
    void theFourthPingWithoutCallsIsAcknowledgedAndEndsTheConnection() throws IOException {
        RpcConfig config = RpcConfig.defaults()
                .withKeepAlive(TimeUnit.MILLISECONDS.toNanos(10), TimeUnit.HOURS.toNanos(2), TimeUnit.SECONDS.toNanos(20));
        try (TestServer server = new TestServer(config, exchange -> exchange.abort(), ECHO);
                RawClient client = RawClient.open(server.port())) {
            for (int ping = 0; ping < 6; ping++) client.send(RawClient.PING, 0, 0, new byte[8]);
            client.flush();

            int acknowledged = 0;
            RawClient.Frame frame = client.must();
            while (frame.type() == RawClient.PING) {
                acknowledged++;
                frame = client.must();
            }
            assertThat(frame.type()).isEqualTo(RawClient.GOAWAY);
            assertThat(HexFormat.of().formatHex(frame.payload()))
                    .isEqualTo("000000000000000b" + HexFormat.of().formatHex("too_many_pings".getBytes(StandardCharsets.US_ASCII)));
            assertThat(acknowledged).isEqualTo(4);
            RawClient.Frame last = client.next();
            while (last != null) last = client.next(); // and then it is closed
        }
    }

    @Test
    void aSilentClientIsPingedAndThenClosedWithoutGoAway() throws IOException {
        RpcConfig config = RpcConfig.defaults()
                .withKeepAlive(0, TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(100));
        try (TestServer server = new TestServer(config, exchange -> exchange.abort(), ECHO);
                RawClient client = RawClient.open(server.port())) {
            client.flush();
            RawClient.Frame ping = client.must();
            assertThat(ping.type()).isEqualTo(RawClient.PING);
            assertThat(ping.payload()).containsOnly(0);
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void gracefulShutdownLetsOpenCallsEndAndStopsAtTheDeadline() throws IOException {
        try (TestServer server = new TestServer(ECHO, NEVER);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Echo"));
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 3, RawClient.grpcHeaders("/test.Test/Never"));
            client.send(RawClient.PING, 0, 0, new byte[8]);
            client.flush();
            client.next(RawClient.PING);

            CompletableFuture<Void> gone = server.server.shutdownGracefully(TimeUnit.SECONDS.toNanos(1));
            RawClient.Frame first = client.next(RawClient.GOAWAY);
            assertThat(HexFormat.of().formatHex(first.payload())).isEqualTo("7fffffff00000000");
            RawClient.Frame ping = client.next(RawClient.PING);
            client.send(RawClient.PING, RawClient.ACK, 0, ping.payload());
            client.flush();
            RawClient.Frame second = client.next(RawClient.GOAWAY);
            assertThat(HexFormat.of().formatHex(second.payload())).isEqualTo("0000000300000000");

            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[3]));
            client.flush();
            assertThat(client.answer(1).trailers()).containsEntry("grpc-status", "0");
            assertThat(client.answer(3).headers()).containsEntry("grpc-status", "14");
            gone.join();
        }
    }

    @Test
    void anythingButTheTwoProtocolsIsClosedWithoutAByte() throws IOException {
        try (TestServer server = new TestServer(ECHO)) {
            for (String sent : new String[] {"hello world\r\n\r\n", "\u0016\u0003\u0001\u0000\u0005hello", "GET /x\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"}) {
                try (RawClient client = new RawClient(server.port())) {
                    client.bytes(sent.getBytes(StandardCharsets.ISO_8859_1));
                    client.flush();
                    assertThat(client.next()).as(sent).isNull();
                }
            }
        }
    }

    @Test
    void callsBeyondTheLimitAreRefused() throws IOException {
        try (TestServer server = new TestServer(RpcConfig.defaults().withMaxConcurrentStreams(2), exchange -> exchange.abort(), NEVER);
                RawClient client = RawClient.open(server.port())) {
            for (int stream = 1; stream <= 5; stream += 2) {
                client.send(RawClient.HEADERS, RawClient.END_HEADERS, stream, RawClient.grpcHeaders("/test.Test/Never"));
            }
            client.flush();
            RawClient.Frame reset = client.next(RawClient.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(5);
            assertThat(reset.payload()).containsExactly(0, 0, 0, 7);
        }
    }

    @Test
    void aDeadlineEndsACallThatIsNotAnsweredAndACancelReachesTheService() throws Exception {
        CompletableFuture<Status> cancelled = new CompletableFuture<>();
        CompletableFuture<Status> late = new CompletableFuture<>();
        RpcMethod waits = new RpcMethod("test.Test", "Waits", CallKind.UNARY, call -> new io.binnacle.rpc.CallReceiver() {
            @Override
            public void message(io.binnacle.base.Bytes message) {}

            @Override
            public void cancelled(Status why) {
                (call.deadlineNanos() == Long.MAX_VALUE ? cancelled : late).complete(why);
            }
        });
        try (TestServer server = new TestServer(waits);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Waits", "grpc-timeout", "50m"));
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[0]));
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 3, RawClient.grpcHeaders("/test.Test/Waits"));
            client.flush();
            long before = System.nanoTime();
            assertThat(client.answer(1).headers()).containsEntry("grpc-status", "4")
                    .containsEntry("grpc-message", "context deadline exceeded");
            assertThat(System.nanoTime() - before).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(30));
            assertThat(late.get(5, TimeUnit.SECONDS)).isEqualTo(GrpcCall.DEADLINE);

            client.send(RawClient.RST_STREAM, 0, 3, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            client.flush();
            assertThat(cancelled.get(5, TimeUnit.SECONDS)).isEqualTo(GrpcCall.CANCELLED);
        }
    }
}
