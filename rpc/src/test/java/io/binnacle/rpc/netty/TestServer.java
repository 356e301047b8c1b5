package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallHandler;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/** A server on a free port of loopback, with what its services threw. */
final class TestServer implements AutoCloseable {

    final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final RpcLoops loops = RpcLoops.start(1, "test-loop", failures::add);
    final RpcServer server;

    TestServer(RpcConfig config, HttpHandler http, RpcMethod... methods) throws IOException {
        server = RpcServer.builder(loops)
                .config(config)
                .http(http)
                .methods(List.of(methods))
                .bind(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        server.serve();
    }

    TestServer(RpcMethod... methods) throws IOException {
        this(RpcConfig.defaults(), exchange -> exchange.abort(), methods);
    }

    /** A handler that answers each message by itself. */
    static CallHandler onMessage(BiConsumer<Call, Bytes> answer) {
        return call -> new CallReceiver() {
            @Override
            public void message(Bytes message) {
                answer.accept(call, message);
            }

            @Override
            public void cancelled(Status why) {}
        };
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        loops.close();
        if (!failures.isEmpty()) throw new AssertionError("a service threw", failures.peek());
    }
}
