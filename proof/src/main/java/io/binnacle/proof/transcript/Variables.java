package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Values saved from earlier answers. One thread. */
final class Variables {
    private static final String BEARER = "Bearer ";

    private final Map<String, String> saved = new HashMap<>();
    private final String recordedVersion;
    private final String version;

    /** The recorded server's version is replaced by that of the server under test; nothing else is. */
    Variables(String recordedVersion, String version) {
        this.recordedVersion = recordedVersion;
        this.version = version;
    }

    void save(JsonNode paths, JsonNode response) {
        paths.properties().forEach(p -> saved.put(p.getKey(), Paths.get(response, p.getValue().asText()).asText()));
    }

    /** A deep copy with every {@code "$name"} replaced by the saved value. */
    JsonNode filled(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(p -> copy.set(p.getKey(), filled(p.getValue())));
                yield copy;
            }
            case ArrayNode list -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                list.forEach(element -> copy.add(filled(element)));
                yield copy;
            }
            default -> tree.isTextual() ? JsonNodeFactory.instance.textNode(text(tree.asText())) : tree;
        };
    }

    private String text(String text) {
        if (text.equals(recordedVersion)) {
            return version;
        }
        if (text.startsWith(BEARER)) {
            return BEARER + text(text.substring(BEARER.length())); // the one place where a value stands inside a text
        }
        return text.startsWith("$") ? saved.getOrDefault(text.substring(1), text) : text;
    }
}
