package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.binnacle.proof.wire.Exchange;
import io.binnacle.proof.wire.Http1;
import io.binnacle.proof.wire.Http2;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The steps that are HTTP/1.1 and raw HTTP/2 exchanges. One thread. */
final class HttpSteps {
    private static final TreeSet<String> COMPARED = new TreeSet<>(List.of(
            "content-type", "grpc-status", "grpc-message", "grpc-encoding", "grpc-accept-encoding", "www-authenticate", "allow",
            "grpc-metadata-content-type", "location"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Variables variables;

    HttpSteps(Variables variables) {
        this.variables = variables;
    }

    List<String> http1(JsonNode step, int port) throws IOException {
        JsonNode request = variables.filled(step.path("http"));
        byte[] body = request.path("text").asText("").getBytes(StandardCharsets.UTF_8);
        Exchange exchange =
                Http1.exchange(port, request.path("method").asText(), request.path("path").asText(), headers(request), body);
        String text = new String(exchange.body(), StandardCharsets.UTF_8);
        if (step.has("save")) {
            variables.save(step.path("save"), JSON.readTree(text));
        }
        JsonNode answer = variables.filled(step.path("answer"));
        List<String> differences = heads(answer, exchange);
        if (answer.has("json")) {
            differences.addAll(json(step, answer.path("json"), text));
        } else if (answer.has("lines")) {
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            if (lines.size() != answer.path("lines").size()) {
                differences.add("expected " + answer.path("lines").size() + " lines, got " + lines.size());
            }
            for (int i = 0; i < Math.min(lines.size(), answer.path("lines").size()); i++) {
                differences.addAll(json(step, answer.path("lines").get(i), lines.get(i)));
            }
        } else {
            differences.addAll(Comparison.texts(step, answer.path("text").asText(""), text));
        }
        return differences;
    }

    private static List<String> json(JsonNode step, JsonNode expected, String text) {
        try {
            return new Comparison(step).trees(expected, JSON.readTree(text));
        } catch (IOException e) {
            return List.of("no JSON: " + Comparison.shown(text));
        }
    }

    List<String> http2(JsonNode step, int port) throws IOException {
        JsonNode request = variables.filled(step.path("http2"));
        byte @Nullable [] body = request.has("hex")
                ? HexFormat.of().parseHex(request.path("hex").asText())
                : request.has("text") ? request.path("text").asText().getBytes(StandardCharsets.UTF_8) : null;
        Exchange exchange =
                Http2.exchange(port, request.path("method").asText(), request.path("path").asText(), headers(request), body);
        JsonNode answer = step.path("answer");
        List<String> differences = heads(answer, exchange);
        compareHeaders("trailer ", answer.path("trailers"), exchange.trailers(), differences);
        String hex = HexFormat.of().formatHex(
                "gzip".equals(exchange.headers().get("grpc-encoding")) ? unzipped(exchange.body()) : exchange.body());
        if (!hex.equals(answer.path("hex").asText(""))) {
            differences.add("body expected " + answer.path("hex").asText("") + ", got " + Comparison.shown(hex));
        }
        return differences;
    }

    private static List<String> heads(JsonNode answer, Exchange exchange) {
        List<String> differences = new ArrayList<>();
        if (answer.path("status").asInt() != exchange.status()) {
            differences.add("status expected " + answer.path("status") + ", got " + exchange.status());
        }
        compareHeaders("header ", answer.path("headers"), exchange.headers(), differences);
        return differences;
    }

    private static void compareHeaders(String kind, JsonNode expected, Map<String, String> actual, List<String> differences) {
        TreeSet<String> names = new TreeSet<>();
        actual.keySet().stream().filter(n -> COMPARED.contains(n) || n.startsWith("access-control-allow-")).forEach(names::add);
        expected.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String want = expected.path(name).asText("");
            String have = actual.getOrDefault(name, "");
            if (!Comparison.matches(want, have)) {
                differences.add(kind + name + " expected '" + want + "', got '" + have + "'");
            }
        }
    }

    private static Map<String, String> headers(JsonNode request) {
        Map<String, String> headers = new TreeMap<>();
        request.path("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        return headers;
    }

    /** Shows compressed messages as 0x01, the plain length, the plain bytes; what is no whole message stays as it is. */
    private static byte[] unzipped(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.remaining() >= 5) {
            byte flag = in.get();
            byte[] message = new byte[in.getInt()];
            in.get(message);
            byte[] plain = flag == 1 ? new GZIPInputStream(new ByteArrayInputStream(message)).readAllBytes() : message;
            out.write(ByteBuffer.allocate(5).put(flag).putInt(plain.length).array());
            out.write(plain);
        }
        return out.toByteArray();
    }
}
