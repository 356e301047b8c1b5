package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Messages as JSON trees in the recorded form: field names as in the proto files, 64-bit integers as strings, bytes in base64,
 * enums by name (or number outside the enum), default values left out. Any thread.
 */
final class JsonMessages {
    private static final int DEPTH_MAX = 10_000;

    private JsonMessages() {}

    /** Parses bytes; fields that the descriptor does not know are shown as {@code $unknown}, so that they never compare equal. */
    static ObjectNode decode(Descriptor type, byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setRecursionLimit(DEPTH_MAX);
        return tree(DynamicMessage.parseFrom(type, in));
    }

    static byte[] encode(Descriptor type, JsonNode tree) {
        return message(type, tree).toByteArray();
    }

    private static ObjectNode tree(Message message) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.isMapField()) {
                tree.set(field.getName(), map(field, (List<?>) entry.getValue()));
            } else if (field.isRepeated()) {
                ArrayNode list = tree.putArray(field.getName());
                ((List<?>) entry.getValue()).forEach(element -> list.add(value(field, element)));
            } else {
                tree.set(field.getName(), value(field, entry.getValue()));
            }
        }
        if (!message.getUnknownFields().asMap().isEmpty()) {
            tree.put("$unknown", message.getUnknownFields().asMap().keySet().toString());
        }
        return tree;
    }

    private static ObjectNode map(FieldDescriptor field, List<?> entries) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        FieldDescriptor key = field.getMessageType().findFieldByName("key");
        FieldDescriptor content = field.getMessageType().findFieldByName("value");
        for (Object entry : entries) {
            Message pair = (Message) entry;
            tree.set(String.valueOf(pair.getField(key)), value(content, pair.getField(content)));
        }
        return tree;
    }

    private static JsonNode value(FieldDescriptor field, Object value) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (field.getType()) {
            case INT64, SINT64, SFIXED64 -> make.textNode(Long.toString((long) value));
            case UINT64, FIXED64 -> make.textNode(Long.toUnsignedString((long) value));
            case INT32, SINT32, SFIXED32 -> number((int) value);
            case UINT32, FIXED32 -> number(Integer.toUnsignedLong((int) value));
            case BOOL -> make.booleanNode((boolean) value);
            case STRING -> make.textNode((String) value);
            case BYTES -> make.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> enumName((EnumValueDescriptor) value);
            case MESSAGE, GROUP -> tree((Message) value);
            case DOUBLE -> make.numberNode((double) value);
            case FLOAT -> make.numberNode((float) value);
        };
    }

    private static JsonNode enumName(EnumValueDescriptor value) {
        boolean known = value.getType().findValueByNumber(value.getNumber()) != null;
        return known ? JsonNodeFactory.instance.textNode(value.getName()) : number(value.getNumber());
    }

    private static JsonNode number(long value) {
        return value == (int) value ? JsonNodeFactory.instance.numberNode((int) value) : JsonNodeFactory.instance.numberNode(value);
    }

    private static Message message(Descriptor type, JsonNode tree) {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            FieldDescriptor field = type.findFieldByName(entry.getKey());
            if (field == null) {
                throw new IllegalArgumentException(type.getFullName() + " has no field " + entry.getKey());
            }
            if (field.isRepeated()) {
                entry.getValue().forEach(element -> builder.addRepeatedField(field, parsed(field, element)));
            } else {
                builder.setField(field, parsed(field, entry.getValue()));
            }
        }
        return builder.build();
    }

    private static Object parsed(FieldDescriptor field, JsonNode node) {
        return switch (field.getType()) {
            case INT64, SINT64, SFIXED64 -> Long.parseLong(node.asText());
            case UINT64, FIXED64 -> Long.parseUnsignedLong(node.asText());
            case INT32, SINT32, SFIXED32 -> node.intValue();
            case UINT32, FIXED32 -> (int) node.longValue();
            case BOOL -> node.booleanValue();
            case STRING -> node.asText();
            case BYTES -> ByteString.copyFrom(Base64.getDecoder().decode(node.asText()));
            case ENUM -> node.isTextual()
                    ? field.getEnumType().findValueByName(node.asText())
                    : field.getEnumType().findValueByNumberCreatingIfUnknown(node.intValue());
            case MESSAGE, GROUP -> message(field.getMessageType(), node);
            case DOUBLE -> node.doubleValue();
            case FLOAT -> node.floatValue();
        };
    }
}
