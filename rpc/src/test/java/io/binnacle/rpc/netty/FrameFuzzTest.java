package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.HttpRoutes;
import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Random damage to what clients send: the server neither hangs, nor throws, nor leaks. */
class FrameFuzzTest {

    private static final int FRAMES_PER_CONNECTION = 200;

    private static CallReceiver receive(Call call) {
        if (call.path().endsWith("Bidi")) call.request(3);
        return new CallReceiver() {
            @Override
            public void message(Bytes message) {
                if (call.path().endsWith("Echo")) {
                    call.reply(message);
                } else if (call.path().endsWith("Stream")) {
                    for (int sent = 0; sent < 5; sent++) call.send(message);
                    call.finish(Status.OK);
                } else {
                    call.send(message);
                    call.request(1);
                }
            }

            @Override
            public void halfClose() {
                call.finish(Status.OK);
            }

            @Override
            public void cancelled(Status why) {}
        };
    }

    @Test
    void damagedFramesHarmOnlyTheirConnection() throws IOException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        int count = Integer.getInteger("test.count", 20_000);
        System.out.println("FrameFuzzTest: -Dtest.seed=" + seed + " -Dtest.count=" + count);
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        Random random = new Random(seed);
        Logger http2 = Logger.getLogger("io.netty.handler.codec.http2");
        http2.setLevel(Level.OFF); // it tells of every frame it ignores
        AtomicInteger leaks = new AtomicInteger();
        Logger detector = Logger.getLogger(ResourceLeakDetector.class.getName());
        detector.setFilter(report -> {
            if (report.getMessage().contains("LEAK")) leaks.incrementAndGet();
            return true;
        });
        RpcConfig config = RpcConfig.defaults().withReceiveBytesMax(100_000).withHeaderBytesMax(8192);
        try (TestServer server = new TestServer(config,
                HttpRoutes.builder(exchange -> exchange.respond(200, Metadata.EMPTY, Bytes.EMPTY)).build(),
                new RpcMethod("t.T", "Echo", CallKind.UNARY, FrameFuzzTest::receive),
                new RpcMethod("t.T", "Stream", CallKind.SERVER_STREAM, FrameFuzzTest::receive),
                new RpcMethod("t.T", "Bidi", CallKind.BIDI, FrameFuzzTest::receive))) {
            for (int done = 0; done < count; done += FRAMES_PER_CONNECTION) {
                session(server.port(), random);
                if (done % 5000 == 0) alive(server.port());
            }
            alive(server.port());
            assertThat(server.failures).isEmpty();
            System.gc(); // the detector reports what was collected unreleased when the next buffers are made
            alive(server.port());
        }
        assertThat(leaks.get()).as("leaked buffers").isZero();
        detector.setFilter(null);
        http2.setLevel(null);
    }

    /** One connection's worth of frames, some of them damaged, read to its end. */
    private static void session(int port, Random random) throws IOException {
        byte[] sent = frames(random);
        for (int damage = random.nextInt(4); damage > 0; damage--) {
            int at = 24 + random.nextInt(sent.length - 24);
            sent[at] = (byte) random.nextInt(256);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            Thread reader = Thread.ofVirtual().start(() -> drain(socket));
            try {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
            } catch (IOException closedByServer) {
                // what damage earns
            }
            reader.join(20_000);
            assertThat(reader.isAlive()).as("the server closes").isFalse();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private static void drain(Socket socket) {
        byte[] buffer = new byte[8192];
        try {
            int got = 0;
            while (got >= 0) got = socket.getInputStream().read(buffer);
        } catch (IOException closed) {
            // a reset is an end too
        }
    }

    private static byte[] frames(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(RawClient.PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(out, RawClient.SETTINGS, 0, 0);
        int last = -1;
        for (int made = 0; made < FRAMES_PER_CONNECTION; made++) {
            int any = last < 1 ? 1 : 1 + 2 * random.nextInt((last + 1) / 2);
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    last += 2;
                    String path = "/t.T/" + new String[] {"Echo", "Stream", "Bidi", "Nope"}[random.nextInt(4)];
                    String[] more = switch (random.nextInt(5)) {
                        case 0 -> new String[] {"grpc-timeout", random.nextInt(20) + "m"};
                        case 1 -> new String[] {"grpc-encoding", random.nextBoolean() ? "gzip" : "x"};
                        case 2 -> new String[] {"x-bin", random.nextBoolean() ? "AAA" : "%"};
                        default -> new String[0];
                    };
                    frame(out, RawClient.HEADERS, RawClient.END_HEADERS, last, RawClient.grpcHeaders(path, more));
                }
                case 4, 5, 6 -> frame(out, RawClient.DATA, random.nextInt(2), any, RawClient.message(new byte[random.nextInt(300)]));
                case 7 -> {
                    byte[] junk = new byte[random.nextInt(40)];
                    random.nextBytes(junk);
                    frame(out, RawClient.DATA, random.nextInt(2), any, junk);
                }
                case 8 -> frame(out, RawClient.RST_STREAM, 0, any, ByteBuffer.allocate(4).putInt(8).array());
                case 9 -> frame(out, RawClient.WINDOW_UPDATE, 0, random.nextBoolean() ? 0 : any,
                        ByteBuffer.allocate(4).putInt(1 + random.nextInt(100_000)).array());
                case 10 -> frame(out, RawClient.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, (byte) random.nextInt(256), 0});
                default -> {
                    byte[] junk = new byte[random.nextInt(20)];
                    random.nextBytes(junk);
                    if (random.nextInt(20) == 0) frame(out, random.nextInt(12), random.nextInt(256), any, junk);
                }
            }
        }
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte... payload) {
        out.write(0);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        out.writeBytes(payload);
    }

    private static void alive(int port) throws IOException {
        try (RawClient client = RawClient.open(port)) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/t.T/Echo"));
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[10]));
            client.flush();
            assertThat(client.answer(1).trailers()).containsEntry("grpc-status", "0");
        }
    }
}
