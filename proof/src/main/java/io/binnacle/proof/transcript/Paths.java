package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** The dotted paths of the recordings: {@code members.0.ID}, {@code kvs[].lease}. Stateless. */
final class Paths {
    private Paths() {}

    static JsonNode get(JsonNode tree, String path) {
        JsonNode at = tree;
        for (String part : parts(path)) {
            at = at.isArray() ? at.path(Integer.parseInt(part)) : at.path(part);
        }
        return at;
    }

    static void remove(JsonNode tree, String path) {
        remove(tree, parts(path));
    }

    private static void remove(JsonNode at, List<String> parts) {
        String part = parts.getFirst();
        if (part.endsWith("[]")) {
            at.path(part.substring(0, part.length() - 2)).forEach(element -> remove(element, parts.subList(1, parts.size())));
        } else if (parts.size() > 1) {
            remove(at.isArray() ? at.path(Integer.parseInt(part)) : at.path(part), parts.subList(1, parts.size()));
        } else if (at instanceof ObjectNode object) {
            object.remove(part);
        }
    }

    /** Sorts the list at a path by its elements' text with sorted names. */
    static void sort(JsonNode tree, String path) {
        if (get(tree, path) instanceof ArrayNode list) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            int tie = 0;
            for (JsonNode element : list) {
                sorted.put(canonical(element) + "#" + tie++, element);
            }
            list.removeAll();
            sorted.values().forEach(list::add);
        }
    }

    private static String canonical(JsonNode node) {
        if (!node.isObject()) {
            return node.toString();
        }
        TreeMap<String, String> sorted = new TreeMap<>();
        node.properties().forEach(p -> sorted.put(p.getKey(), canonical(p.getValue())));
        return sorted.toString();
    }

    /** A value that is missing counts as zero, as a default value is left out. */
    static long number(JsonNode node) {
        return node instanceof MissingNode ? 0 : Long.parseLong(node.asText());
    }

    /** Sets the field at a path of a request to {@code count} copies of a byte; a string field gets it as text. */
    static void fill(ObjectNode request, Descriptor type, String path, String hex, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, HexFormat.of().parseHex(hex)[0]);
        List<String> parts = parts(path);
        JsonNode at = request;
        Descriptor in = type;
        for (int i = 0; i < parts.size(); i++) {
            if (at instanceof ArrayNode list) {
                at = list.path(Integer.parseInt(parts.get(i)));
                continue;
            }
            FieldDescriptor field = in.findFieldByName(parts.get(i));
            ObjectNode object = (ObjectNode) at;
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                in = field.getMessageType();
                at = field.isRepeated() ? object.withArray(field.getName()) : object.withObject("/" + field.getName());
                continue;
            }
            boolean text = field.getType() == FieldDescriptor.Type.STRING;
            TextNode value = TextNode.valueOf(
                    text ? new String(bytes, StandardCharsets.ISO_8859_1) : Base64.getEncoder().encodeToString(bytes));
            if (field.isRepeated()) {
                object.withArray(field.getName()).set(Integer.parseInt(parts.get(i + 1)), value);
            } else {
                object.set(field.getName(), value);
            }
            return;
        }
        throw new IllegalArgumentException("nothing to fill at " + path);
    }

    private static List<String> parts(String path) {
        return List.of(path.split("\\.", -1));
    }
}
