package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.binnacle.proof.process.Waiting;
import io.binnacle.proof.wire.OpenCall;
import io.binnacle.proof.wire.Outcome;
import io.binnacle.proof.wire.RawCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps that are gRPC calls, on one connection. One thread. */
final class RpcSteps implements AutoCloseable {
    private static final Duration CALL_MAX = Duration.ofSeconds(60);
    private static final Duration STREAM_MAX = Duration.ofMinutes(10);
    private static final Duration RECEIVE_MAX = Duration.ofSeconds(8); // from the format
    private static final int COLLECTED_MAX = 100_000;
    private static final String OLDEST = "3.5.0"; // what a directory shows until its own version is in a commit
    private static final int INVALID_ARGUMENT = 3;
    private static final int DEADLINE_EXCEEDED = 4;

    private final RawCalls calls;
    private final Variables variables;
    private final Methods methods = new Methods();
    private final Map<String, Opened> open = new HashMap<>();

    private record Opened(MethodDescriptor method, OpenCall call) {}

    RpcSteps(RawCalls calls, Variables variables) {
        this.calls = calls;
        this.variables = variables;
    }

    /** Scenarios begin when Status shows a leader and a storage version. */
    void awaitLeader() {
        String path = "/etcdserverpb.Maintenance/Status";
        Waiting.until("leader and storage version in Status", Duration.ofSeconds(30), () -> {
            Outcome outcome = calls.unary(path, new byte[0], Map.of(), Duration.ofSeconds(5));
            if (!(outcome instanceof Outcome.Message message)) {
                return outcome instanceof Outcome.End end && end.code() == INVALID_ARGUMENT; // auth is on: it serves, but not us
            }
            try {
                JsonNode status = JsonMessages.decode(methods.at(path).getOutputType(), message.bytes());
                return status.has("leader") && status.path("storageVersion").asText(OLDEST).compareTo(OLDEST) > 0;
            } catch (IOException e) {
                return false;
            }
        });
    }

    List<String> step(JsonNode step) throws IOException {
        if (step.has("open")) {
            open(step);
            return List.of();
        } else if (step.has("rpc")) {
            return unary(step);
        } else if (step.has("sleep_ms")) {
            Waiting.pause(Duration.ofMillis(step.path("sleep_ms").asLong()));
            return List.of();
        } else if (step.has("send")) {
            Opened to = named(step, "send");
            to.call.send(request(step, to.method.getInputType()));
            return List.of();
        } else if (step.has("half_close")) {
            named(step, "half_close").call.halfClose();
            return List.of();
        } else if (step.has("cancel")) {
            named(step, "cancel").call.cancel();
            return List.of();
        } else if (step.has("none")) {
            Outcome outcome = named(step, "none").call.receive(Duration.ofMillis(step.path("wait_ms").asLong()));
            return outcome instanceof Outcome.Silence ? List.of() : List.of("expected silence, got " + shown(outcome));
        } else if (step.has("recv")) {
            Opened from = named(step, "recv");
            return compare(step, from.method.getOutputType(), from.call.receive(RECEIVE_MAX));
        } else if (step.has("end")) {
            return end(step, named(step, "end").call.receive(RECEIVE_MAX));
        } else if (step.has("recv_any_order")) {
            return receiveAnyOrder(step);
        } else if (step.has("collect")) {
            return collect(step);
        }
        throw new IllegalArgumentException("a step of no known kind: " + Comparison.shown(step.toString()));
    }

    private Opened named(JsonNode step, String kind) {
        Opened opened = open.get(step.path(kind).asText());
        if (opened == null) {
            throw new IllegalArgumentException("no open call " + step.path(kind));
        }
        return opened;
    }

    private void open(JsonNode step) {
        String path = step.path("rpc").asText();
        MethodDescriptor method = methods.at(path);
        OpenCall call = calls.open(path, metadata(step), duration(step, STREAM_MAX));
        if (step.has("request") || step.has("request_hex")) {
            call.send(request(step, method.getInputType()));
            if (!method.isClientStreaming()) {
                call.halfClose();
            }
        }
        open.put(step.path("open").asText(), new Opened(method, call));
    }

    private List<String> unary(JsonNode step) throws IOException {
        String path = step.path("rpc").asText();
        MethodDescriptor method = methods.at(path);
        byte[] request = request(step, method.getInputType());
        Outcome outcome = new Outcome.Silence();
        for (int i = 0; i < step.path("times").asInt(1); i++) {
            outcome = calls.unary(path, request, metadata(step), duration(step, CALL_MAX));
        }
        return compare(step, method.getOutputType(), outcome);
    }

    private byte[] request(JsonNode step, Descriptor type) {
        if (step.has("request_hex")) {
            return HexFormat.of().parseHex(step.path("request_hex").asText());
        }
        ObjectNode request = (ObjectNode) variables.filled(step.path("request"));
        step.path("fill").properties().forEach(fill -> Paths.fill(
                request, type, fill.getKey(), fill.getValue().path("hex").asText(), fill.getValue().path("count").asInt()));
        return JsonMessages.encode(type, request);
    }

    private Map<String, String> metadata(JsonNode step) {
        Map<String, String> metadata = new TreeMap<>();
        variables.filled(step.path("metadata")).properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        return metadata;
    }

    private static Duration duration(JsonNode step, Duration otherwise) {
        return step.has("timeout_ms") ? Duration.ofMillis(step.path("timeout_ms").asLong()) : otherwise;
    }

    private List<String> compare(JsonNode step, Descriptor type, Outcome outcome) throws IOException {
        if (step.has("error") || !(outcome instanceof Outcome.Message message)) {
            return step.has("error") ? end(step, outcome) : List.of("expected a message, got " + shown(outcome));
        }
        ObjectNode actual = JsonMessages.decode(type, message.bytes());
        variables.save(step.path("save"), actual);
        return new Comparison(step).trees(variables.filled(step.path("response")), actual);
    }

    private static List<String> end(JsonNode step, Outcome outcome) {
        JsonNode error = step.path("error");
        int code = error.path("code").asInt(0);
        String text = error.path("message").asText("");
        if (outcome instanceof Outcome.End end && end.code() == code) {
            boolean codeOnly = code == 0 || (code == DEADLINE_EXCEEDED && step.has("timeout_ms"));
            if (codeOnly || Comparison.matches(text, end.message())) {
                return List.of();
            }
        }
        return List.of("expected end " + code + " '" + text + "', got " + shown(outcome));
    }

    private List<String> receiveAnyOrder(JsonNode step) throws IOException {
        Opened from = named(step, "recv_any_order");
        List<String> differences = new ArrayList<>();
        ArrayNode actual = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < step.path("responses").size(); i++) {
            Outcome outcome = from.call.receive(RECEIVE_MAX);
            if (!(outcome instanceof Outcome.Message message)) {
                differences.add("message " + (i + 1) + " is " + shown(outcome));
                break;
            }
            actual.add(JsonMessages.decode(from.method.getOutputType(), message.bytes()));
        }
        ObjectNode expectedSet = JsonNodeFactory.instance.objectNode();
        expectedSet.set("set", variables.filled(step.path("responses")));
        ObjectNode actualSet = JsonNodeFactory.instance.objectNode();
        actualSet.set("set", actual);
        Paths.sort(expectedSet, "set");
        Paths.sort(actualSet, "set");
        differences.addAll(new Comparison(step).trees(expectedSet, actualSet));
        return differences;
    }

    private List<String> collect(JsonNode step) throws IOException {
        Opened from = named(step, "collect");
        List<ObjectNode> messages = new ArrayList<>();
        List<byte[]> raw = new ArrayList<>();
        Outcome outcome = from.call.receive(RECEIVE_MAX);
        while (outcome instanceof Outcome.Message message && messages.size() < COLLECTED_MAX) {
            messages.add(JsonMessages.decode(from.method.getOutputType(), message.bytes()));
            raw.add(message.bytes());
            outcome = from.call.receive(RECEIVE_MAX);
        }
        List<String> differences = new ArrayList<>(end(step, outcome));
        switch (step.path("check").asText("")) {
            case "snapshot" -> differences.addAll(SnapshotCheck.of(raw));
            case "range_stream" -> {
                List<ObjectNode> expected = new ArrayList<>();
                step.path("responses").forEach(r -> expected.add((ObjectNode) variables.filled(r)));
                if (messages.stream().limit(Math.max(0, messages.size() - 1)).anyMatch(m -> m.path("range_response").has("header"))) {
                    differences.add("a header before the last message");
                }
                differences.addAll(new Comparison(step).trees(merged(expected), merged(messages)));
            }
            default -> {
                ArrayNode actual = JsonNodeFactory.instance.arrayNode();
                messages.forEach(actual::add);
                JsonNode expected = step.has("responses") ? variables.filled(step.path("responses")) : JsonNodeFactory.instance.arrayNode();
                differences.addAll(new Comparison(step).trees(expected, actual));
            }
        }
        return differences;
    }

    /** Chunk borders are the server's choice: all kvs, and the rest from the last message. */
    private static ObjectNode merged(List<ObjectNode> messages) {
        if (messages.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        ArrayNode kvs = JsonNodeFactory.instance.arrayNode();
        messages.forEach(m -> m.path("range_response").path("kvs").forEach(kvs::add));
        ObjectNode merged = messages.getLast().deepCopy();
        if (!kvs.isEmpty()) {
            merged.withObject("/range_response").set("kvs", kvs);
        }
        return merged;
    }

    private static String shown(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Message message -> "a message " + Comparison.shown(HexFormat.of().formatHex(message.bytes()));
            case Outcome.End end -> "end " + end.code() + " '" + end.message() + "'";
            case Outcome.Silence _ -> "silence";
        };
    }

    @Override
    public void close() {
        calls.close();
    }
}
