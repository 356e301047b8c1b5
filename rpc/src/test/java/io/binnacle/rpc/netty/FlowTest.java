package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.MessageBody;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flow control both ways: what waits for a slow party is bounded. */
class FlowTest {

    private static final byte[] BIG_WINDOW = {0x3f, (byte) 0xff, 0, 0};

    private static void window(RawClient client, int stream, int bytes) throws IOException {
        client.send(RawClient.WINDOW_UPDATE, 0, stream, (byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes);
    }

    @Test
    void aClientThatStopsReadingAStreamStopsItsProduction() throws Exception {
        AtomicLong produced = new AtomicLong();
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicInteger resumed = new AtomicInteger();
        RpcMethod flood = new RpcMethod("test.Test", "Flood", CallKind.SERVER_STREAM, call -> new CallReceiver() {
            private final Bytes chunk = Bytes.of(new byte[10_000]);

            private void produce() {
                while (call.writable() && !call.ended()) {
                    call.send(chunk);
                    produced.addAndGet(chunk.length());
                }
                stopped.countDown();
            }

            @Override
            public void message(Bytes message) {
                produce();
            }

            @Override
            public void cancelled(Status why) {}

            @Override
            public void writable() {
                resumed.incrementAndGet();
                produce();
            }
        });
        try (TestServer server = new TestServer(flood);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Flood"));
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[0]));
            client.flush();
            assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
            // The window of 65,535 bytes and the call's queue, and nothing more however long it waits.
            int got = 0;
            while (got < 65_535) {
                RawClient.Frame frame = client.next(RawClient.DATA);
                got += frame.payload().length;
            }
            long held = produced.get();
            assertThat(held).isLessThan(256 * 1024 + 65_535 + 20_000L);

            window(client, 0, 1 << 20);
            window(client, 1, 1 << 20);
            client.flush();
            while (got < 65_535 + (1 << 20)) got += client.next(RawClient.DATA).payload().length;
            assertThat(resumed.get()).isPositive();
            assertThat(produced.get()).isLessThan(held + (1 << 20) + 256 * 1024 + 20_000L);
        }
    }

    @Test
    void aPingPerReadOfALongAnswerIsNoOffence() throws Exception {
        RpcMethod big = new RpcMethod("test.Test", "Big", CallKind.UNARY,
                TestServer.onMessage((call, _) -> call.reply(Bytes.of(new byte[400_000]))));
        try (TestServer server = new TestServer(big);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Big"));
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[0]));
            client.flush();
            int got = 0;
            while (got < 65_535) got += client.next(RawClient.DATA).payload().length;
            for (int read = 0; read < 10; read++) { // all of it was queued before the first ping
                window(client, 0, 10_000);
                window(client, 1, 10_000);
                client.flush();
                assertThat(client.next(RawClient.DATA).payload()).hasSize(10_000);
                client.send(RawClient.PING, 0, 0, new byte[8]);
                client.flush();
                assertThat(client.must().type()).isEqualTo(RawClient.PING);
            }
        }
    }

    /** Counts what is pulled; every byte tells its place. */
    private static final class Pulled implements MessageBody {
        final AtomicLong bytes = new AtomicLong();
        final CountDownLatch closed = new CountDownLatch(1);
        private final Bytes piece = Bytes.of(new byte[64 * 1024]);

        @Override
        public Bytes next(int bytesMax) {
            int length = Math.min(bytesMax, piece.length());
            bytes.addAndGet(length);
            return piece.slice(0, length);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void aLongMessageIsPulledOnlyAsFastAsTheClientReads() throws Exception {
        long length = 200L << 20;
        Pulled pulled = new Pulled();
        RpcMethod big = new RpcMethod("test.Test", "Big", CallKind.UNARY, TestServer.onMessage((call, _) -> {
            call.send(length, pulled);
            call.finish(Status.OK);
        }));
        try (TestServer server = new TestServer(big);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.WINDOW_UPDATE, 0, 0, BIG_WINDOW);
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Big"));
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[0]));
            client.flush();

            long got = 0;
            long ahead = 0;
            RawClient.Frame frame = client.must();
            while (!(frame.type() == RawClient.HEADERS && frame.ends())) {
                if (frame.type() == RawClient.DATA) {
                    got += frame.payload().length;
                    ahead = Math.max(ahead, pulled.bytes.get() - got);
                    window(client, 1, frame.payload().length);
                    client.flush();
                }
                frame = client.must();
            }
            assertThat(client.headers(frame)).containsEntry("grpc-status", "0");
            assertThat(got).isEqualTo(length + 5);
            // Call's queue, socket queue, and the kernel's buffers between us.
            assertThat(ahead).isLessThan(16L << 20);
            assertThat(pulled.closed.await(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aBodyIsClosedWhenItsClientLeaves() throws Exception {
        Pulled pulled = new Pulled();
        RpcMethod big = new RpcMethod("test.Test", "Big", CallKind.UNARY,
                TestServer.onMessage((call, _) -> call.send(1L << 30, pulled)));
        try (TestServer server = new TestServer(big)) {
            try (RawClient client = RawClient.open(server.port())) {
                client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Big"));
                client.send(RawClient.DATA, RawClient.END_STREAM, 1, RawClient.message(new byte[0]));
                client.flush();
                client.next(RawClient.DATA);
            }
            assertThat(pulled.closed.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(pulled.bytes.get()).isLessThan(1 << 20);
        }
    }

    @Test
    void messagesThatAreNotAskedForStayWithinTheWindow() throws Exception {
        AtomicReference<@Nullable Call> started = new AtomicReference<>();
        AtomicInteger heard = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        RpcMethod slow = new RpcMethod("test.Test", "Slow", CallKind.CLIENT_STREAM, call -> {
            started.set(call);
            return new CallReceiver() {
                @Override
                public void message(Bytes message) {
                    heard.incrementAndGet();
                    assertThat(message.length()).isEqualTo(1000);
                }

                @Override
                public void halfClose() {
                    call.reply(Bytes.EMPTY);
                    done.countDown();
                }

                @Override
                public void cancelled(Status why) {}
            };
        });
        try (TestServer server = new TestServer(slow);
                RawClient client = RawClient.open(server.port())) {
            client.send(RawClient.HEADERS, RawClient.END_HEADERS, 1, RawClient.grpcHeaders("/test.Test/Slow"));
            byte[] message = RawClient.message(new byte[1000]);
            for (int sent = 0; sent < 65; sent++) client.send(RawClient.DATA, 0, 1, message);
            client.send(RawClient.PING, 0, 0, new byte[8]);
            client.flush();
            RawClient.Frame frame = client.must();
            while (frame.type() != RawClient.PING) {
                assertThat(frame.type() == RawClient.WINDOW_UPDATE && frame.stream() == 1).isFalse();
                frame = client.must();
            }
            assertThat(heard.get()).isZero();

            Call call = Objects.requireNonNull(started.get());
            call.loop().execute(() -> call.request(40));
            assertThat(client.next(RawClient.WINDOW_UPDATE).stream()).isEqualTo(1);
            client.send(RawClient.DATA, RawClient.END_STREAM, 1, message);
            client.flush();
            call.loop().execute(() -> call.request(1000));
            assertThat(client.answer(1).trailers()).containsEntry("grpc-status", "0");
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(heard.get()).isEqualTo(66);
        }
    }
}
