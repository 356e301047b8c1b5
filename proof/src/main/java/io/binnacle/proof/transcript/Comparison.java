package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/** Compares an expected tree with an actual one under the rules of one step. Used once. */
final class Comparison {
    private static final int SHOWN_MAX = 300;

    private final JsonNode step;
    private final List<String> differences = new ArrayList<>();

    Comparison(JsonNode step) {
        this.step = step;
    }

    /** Both trees are changed: ignored fields go, lists of any order are sorted, approximate numbers are made equal. */
    List<String> trees(JsonNode expected, JsonNode actual) {
        step.path("ignore").forEach(path -> {
            Paths.remove(expected, path.asText());
            Paths.remove(actual, path.asText());
        });
        step.path("any_order").forEach(path -> {
            Paths.sort(expected, path.asText());
            Paths.sort(actual, path.asText());
        });
        step.path("approx").properties().forEach(entry -> {
            long want = Paths.number(Paths.get(expected, entry.getKey()));
            long have = Paths.number(Paths.get(actual, entry.getKey()));
            if (Math.abs(want - have) > entry.getValue().asLong()) {
                differences.add(entry.getKey() + " expected about " + want + ", got " + have);
            }
            Paths.remove(expected, entry.getKey());
            Paths.remove(actual, entry.getKey());
        });
        node("", expected, actual);
        return differences;
    }

    /** Texts are equal, as lines of any order where the step says so. */
    static List<String> texts(JsonNode step, String expected, String actual) {
        boolean anyOrder = false;
        for (JsonNode path : step.path("any_order")) {
            anyOrder |= path.asText().equals("text");
        }
        boolean equal = anyOrder
                ? Arrays.equals(expected.lines().sorted().toArray(), actual.lines().sorted().toArray())
                : expected.equals(actual);
        return equal ? List.of() : List.of("text expected " + shown(expected) + ", got " + shown(actual));
    }

    /** A message ending in {@code *} is compared up to there. */
    static boolean matches(String expected, String actual) {
        return expected.endsWith("*")
                ? actual.startsWith(expected.substring(0, expected.length() - 1))
                : expected.equals(actual);
    }

    private void node(String path, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> node(path.isEmpty() ? name : path + "." + name, expected.path(name), actual.path(name)));
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                node(path + "[" + i + "]", expected.get(i), actual.get(i));
            }
        } else if (expected.asText().startsWith("$sha256:")) {
            digest(path, expected.asText(), actual);
        } else if (!expected.equals(actual)) {
            String had = actual.isMissingNode() ? "nothing" : shown(actual.toString());
            differences.add(path + " expected " + (expected.isMissingNode() ? "nothing" : shown(expected.toString())) + ", got " + had);
        }
    }

    private void digest(String path, String expected, JsonNode actual) {
        byte[] bytes = actual.isTextual() ? Base64.getDecoder().decode(actual.asText()) : new byte[0];
        String have = "$sha256:" + sha256(bytes) + ":" + bytes.length;
        if (!have.equals(expected)) {
            differences.add(path + " expected " + expected + ", got " + have);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String shown(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= SHOWN_MAX ? text : text.substring(0, Math.min(text.length(), SHOWN_MAX)) + "… (" + bytes.length + " bytes)";
    }
}
