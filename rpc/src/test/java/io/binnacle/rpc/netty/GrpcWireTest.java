package io.binnacle.rpc.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.CallHandler;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The recorded exchanges at the gRPC level, with a service that gives the recorded answers. */
class GrpcWireTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> RECORDED =
            List.of("content-type", "grpc-status", "grpc-message", "grpc-encoding", "grpc-accept-encoding");

    private volatile JsonNode current = new ObjectMapper().createObjectNode();

    /** Answers as the recording does: its messages, or its status if that is the service's own. */
    private final CallHandler recorded = TestServer.onMessage((call, _) -> {
        JsonNode answer = current.get("answer");
        String message = answer.path("headers").path("grpc-message").asText("");
        int code = answer.path("headers").path("grpc-status").asInt(0);
        if (code != 0) {
            call.finish(new Status(Code.of(code), message));
            return;
        }
        byte[] body = HEX.parseHex(answer.path("hex").asText(""));
        for (int at = 0; at < body.length; ) {
            int length = java.nio.ByteBuffer.wrap(body).getInt(at + 1);
            call.send(Bytes.of(body, at + 5, length));
            at += 5 + length;
        }
        call.finish(Status.OK);
    });

    private final CallHandler recordedStream = call -> {
        call.request(1);
        return recorded.start(call);
    };

    @Test
    void everyRecordedHttp2StepIsAnsweredAlike() throws IOException {
        ObjectMapper json = new ObjectMapper();
        RpcConfig config = RpcConfig.defaults().withReceiveBytesMax(2097152);
        int steps = 0;
        List<String> wrong = new ArrayList<>();
        try (TestServer server = new TestServer(config, exchange -> exchange.abort(),
                new RpcMethod("etcdserverpb.KV", "Range", CallKind.UNARY, recorded),
                new RpcMethod("etcdserverpb.KV", "Put", CallKind.UNARY, recorded),
                new RpcMethod("etcdserverpb.KV", "RangeStream", CallKind.SERVER_STREAM, recorded),
                new RpcMethod("etcdserverpb.Watch", "Watch", CallKind.BIDI, recordedStream),
                new RpcMethod("etcdserverpb.Lease", "LeaseKeepAlive", CallKind.BIDI, recordedStream))) {
            for (String line : Files.readAllLines(SharedFolder.file("golden/api/grpc-wire.jsonl"))) {
                JsonNode step = json.readTree(line);
                if (!step.has("http2")) continue;
                current = step;
                steps++;
                String difference = compare(step.get("answer"), exchange(server.port(), step.get("http2")));
                if (!difference.isEmpty()) wrong.add(step.get("http2") + "\n   " + difference);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(steps).isGreaterThan(50);
    }

    private static RawClient.Answer exchange(int port, JsonNode request) throws IOException {
        try (RawClient client = RawClient.open(port)) {
            List<String> fields = new ArrayList<>(List.of(":method", request.get("method").asText(), ":scheme", "http",
                    ":path", request.get("path").asText(), ":authority", "127.0.0.1"));
            request.path("headers").properties().forEach(field -> {
                fields.add(field.getKey());
                String value = field.getValue().asText();
                fields.add(value.startsWith("hex:")
                        ? new String(HEX.parseHex(value.substring(4)), StandardCharsets.ISO_8859_1)
                        : value);
            });
            byte[] body = request.has("hex") ? HEX.parseHex(request.get("hex").asText())
                    : request.path("text").asText("").getBytes(StandardCharsets.UTF_8);
            boolean empty = body.length == 0;
            client.send(RawClient.HEADERS, RawClient.END_HEADERS | (empty ? RawClient.END_STREAM : 0), 1,
                    RawClient.block(fields.toArray(String[]::new)));
            if (!empty) client.send(RawClient.DATA, RawClient.END_STREAM, 1, body);
            client.flush();
            return client.answer(1);
        }
    }

    private static String compare(JsonNode expected, RawClient.Answer answer) throws IOException {
        StringBuilder difference = new StringBuilder();
        String status = expected.get("status").asText();
        if (!status.equals(answer.headers().get(":status"))) difference.append("status ").append(answer.headers());
        compare(expected.path("headers"), answer.headers(), difference);
        compare(expected.path("trailers"), answer.trailers(), difference);
        String body = HEX.formatHex(plain(answer.body()));
        if (!body.equals(expected.path("hex").asText(""))) difference.append(" body ").append(body);
        return difference.toString();
    }

    private static void compare(JsonNode expected, Map<String, String> fields, StringBuilder difference) {
        for (String name : RECORDED) {
            String want = expected.path(name).asText("");
            String is = fields.getOrDefault(name, "");
            boolean same = want.endsWith("*") ? is.startsWith(want.substring(0, want.length() - 1)) : want.equals(is);
            if (!same) difference.append(' ').append(name).append(": ").append(is);
        }
    }

    /** Compressed messages are recorded as flag 1, plain length, plain bytes. */
    private static byte[] plain(byte[] body) throws IOException {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; ) {
            int length = java.nio.ByteBuffer.wrap(body).getInt(at + 1);
            byte[] message = java.util.Arrays.copyOfRange(body, at + 5, at + 5 + length);
            if (body[at] == 1) message = new GZIPInputStream(new ByteArrayInputStream(message)).readAllBytes();
            shown.write(body[at]);
            shown.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(message.length).array());
            shown.writeBytes(message);
            at += 5 + length;
        }
        return shown.toByteArray();
    }
}
