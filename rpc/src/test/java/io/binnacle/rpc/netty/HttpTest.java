package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.HttpBody;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.HttpRoutes;
import io.binnacle.rpc.Metadata;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HTTP/1.x on the common port, byte by byte; the Date header is cut out. */
@SuppressWarnings("StringConcatToTextBlock") // the ends of lines matter here, and differ from a text block's
class HttpTest {

    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    private final HttpHandler routes = HttpRoutes.builder(
                    exchange -> exchange.respond(404, Metadata.EMPTY, Bytes.utf8("404 page not found\n")))
            .exact("/version", exchange -> exchange.respond(200, Metadata.of("Content-Type", "text/plain"), Bytes.utf8("v1")))
            .exact("/echo", exchange -> exchange.readAll(1000,
                    body -> exchange.respond(200, Metadata.EMPTY, body),
                    () -> exchange.respond(413, Metadata.EMPTY, Bytes.EMPTY)))
            .exact("/stream", HttpTest::stream)
            .exact("/wait", exchange -> exchange.onClosed(() -> {
                gone.complete(exchange.ended());
                exchange.respond(499, Metadata.EMPTY, Bytes.utf8("bye"));
            }))
            .exact("/upgrade", exchange -> exchange.upgrade(
                    Metadata.of("Upgrade", "echo", "Connection", "Upgrade"), echo(exchange)))
            .prefix("/v3/", exchange -> exchange.respond(200, Metadata.EMPTY, Bytes.utf8(exchange.path() + " " + exchange.query())))
            .build();

    private static void stream(HttpExchange exchange) {
        exchange.start(200, Metadata.EMPTY);
        exchange.write(Bytes.utf8("one\n"));
        var unused = exchange.loop().schedule(() -> {
            exchange.write(Bytes.utf8("two\n"));
            exchange.end();
        }, TimeUnit.MILLISECONDS.toNanos(5));
    }

    private static HttpBody echo(HttpExchange exchange) {
        return new HttpBody() {
            @Override
            public void chunk(Bytes bytes) {
                exchange.write(bytes);
            }

            @Override
            public void end() {
                exchange.end();
            }
        };
    }

    private String talk(String sent) throws IOException {
        try (TestServer server = new TestServer(RpcConfig.defaults(), routes);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            String got = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return got.replaceAll("(?i)date: [^\r]*\r\n", "");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        assertThat(talk("GET /version HTTP/1.1\r\nHost: a\r\n\r\nHEAD /version HTTP/1.1\r\nHost: a\r\n\r\n"
                + "GET /v3/kv%20x?a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\nv1"
                        + "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 14\r\n\r\n/v3/kv%20x a=b");
    }

    @Test
    void oldAndOddRequestsAreAnsweredAsRecorded() throws IOException {
        assertThat(talk("GET /version HTTP/1.0\r\n\r\n"))
                .isEqualTo("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\nv1");
        assertThat(talk("GET /version HTTP/1.1\r\n\r\n")).isEqualTo("HTTP/1.1 400 Bad Request: missing required Host header\r\n"
                + "content-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n400 Bad Request: missing required Host header");
        assertThat(talk("GET /version HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n")).isEqualTo(
                "HTTP/1.1 400 Bad Request: invalid header name\r\n"
                + "content-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n400 Bad Request: invalid header name");
        assertThat(talk("GET http://x/version HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("\r\n\r\nv1");
        assertThat(talk("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assertThat(talk("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 404 Not Found\r\n");
    }

    @Test
    void bodiesAreReadWholeUpToTheirLimitAndContinueIsSent() throws IOException {
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                + "GET /version HTTP/1.1\r\nHost: a\r\n\r\n")).contains("\r\n\r\nabcdeHTTP/1.1 200 OK").endsWith("v1");
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000)))
                .startsWith("HTTP/1.1 413 ").contains("connection: close");
        assertThat(talk("POST /version HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /version HTTP/1.1\r\nHost: a\r\n\r\n")).hasSize(2 * "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\nv1".length());
    }

    @Test
    void streamsAreChunkedAndNotForOldClients() throws IOException {
        try (TestServer server = new TestServer(RpcConfig.defaults(), routes);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("transfer-encoding: chunked")
                    .endsWith("\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n");
        }
        assertThat(talk("GET /stream HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\none\ntwo\n");
    }

    @Test
    void aHalfClosedClientIsNoticedAndStillAnswered() throws Exception {
        assertThat(talk("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 499 status code 499\r\n").endsWith("bye");
        assertThat(gone.get(5, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void anUpgradedConnectionIsAPlainStream() throws IOException {
        try (TestServer server = new TestServer(RpcConfig.defaults(), routes);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("GET /upgrade HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) head.append((char) socket.getInputStream().read());
            assertThat(head.toString()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("hello");
        }
    }
}
