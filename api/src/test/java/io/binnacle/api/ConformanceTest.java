package io.binnacle.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.binnacle.api.authpb.AuthpbProto;
import io.binnacle.api.etcdserverpb.LegacyProto;
import io.binnacle.api.etcdserverpb.RaftInternalProto;
import io.binnacle.api.etcdserverpb.RpcProto;
import io.binnacle.api.health.HealthProto;
import io.binnacle.api.leasepb.LeasepbProto;
import io.binnacle.api.membershippb.MembershippbProto;
import io.binnacle.api.mvccpb.MvccpbProto;
import io.binnacle.api.status.StatusProto;
import io.binnacle.api.v3electionpb.V3electionpbProto;
import io.binnacle.api.v3lockpb.V3lockpbProto;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Our proto files against the tables of etcd's messages and RPCs. */
class ConformanceTest {

    private static final List<FileDescriptor> FILES = List.of(
            RpcProto.getDescriptor(), RaftInternalProto.getDescriptor(), LegacyProto.getDescriptor(),
            MvccpbProto.getDescriptor(), AuthpbProto.getDescriptor(), LeasepbProto.getDescriptor(),
            MembershippbProto.getDescriptor(), V3electionpbProto.getDescriptor(), V3lockpbProto.getDescriptor(),
            HealthProto.getDescriptor(), StatusProto.getDescriptor());

    private final Map<String, Descriptor> messages = new HashMap<>();
    private final Map<String, EnumDescriptor> enums = new HashMap<>();

    @Test
    void everyMessageFieldAndEnumValueIsAsInTheTableAndNoOther() throws IOException {
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(this::index);
            file.getEnumTypes().forEach(type -> enums.put(type.getFullName(), type));
        }
        Set<String> ours = ourFields();
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        int annotations = 0;
        for (String line : table("conformance/messages.tsv")) {
            String[] row = line.split("\t", -1);
            if (row[0].equals("versionpb")) { // options that etcd's build reads; no message ever holds them
                annotations++;
                continue;
            }
            rows++;
            boolean removed = row[7].endsWith("(number and name reserved)"); // then the number is reserved, which rows of their own say too
            String found = removed ? row[4] + " " + removed(row[0] + "." + row[1], row[2], row[3])
                    : found(row[0] + "." + row[1], row[2], row[3], row[4]);
            if (!found.equals(row[4] + " " + row[5])) wrong.add(line + " but found " + found);
            ours.remove(row[0] + "." + row[1] + "." + row[2]);
        }
        System.out.println("messages.tsv: " + rows + " rows checked, " + annotations + " build-time annotations left out");
        assertThat(wrong).isEmpty();
        assertThat(ours).as("in our files but not in the table").isEmpty();
        assertThat(rows).isGreaterThan(390);
    }

    @Test
    void everyServiceAndMethodIsAsInTheTableAndNoOther() throws IOException {
        Set<String> ours = new TreeSet<>();
        for (FileDescriptor file : FILES) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor method : service.getMethods()) {
                    ours.add(service.getFullName() + " " + method.getName() + " " + kind(method));
                }
            }
        }
        Set<String> wanted = new TreeSet<>();
        for (String line : table("conformance/rpcs.tsv")) {
            String[] row = line.split("\t", -1);
            wanted.add(row[0] + " " + row[1] + " " + row[2]);
        }
        System.out.println("rpcs.tsv: " + wanted.size() + " rows checked");
        assertThat(ours).isEqualTo(wanted);
        assertThat(wanted).hasSizeGreaterThan(50);
    }

    private static String kind(MethodDescriptor method) {
        if (method.isClientStreaming()) return method.isServerStreaming() ? "bidi" : "client-stream";
        return method.isServerStreaming() ? "server-stream" : "unary";
    }

    /** What stands in our files where the table has a row, in the table's words. */
    private String found(String name, String field, String number, String wanted) {
        if (wanted.equals("enum value")) {
            EnumDescriptor type = enums.get(name);
            if (type == null || type.findValueByName(field) == null) return "no such enum value";
            if (type.findValueByName(field).getNumber() != Integer.parseInt(number)) return "another number";
            return "enum value " + syntax(type.getFile());
        }
        Descriptor message = messages.get(name);
        if (message == null) return "no such message";
        String syntax = " " + syntax(message.getFile());
        if (wanted.startsWith("(message")) return message.getFields().isEmpty() ? wanted + syntax : "fields";
        if (wanted.equals("reserved number")) {
            return message.isReservedNumber(Integer.parseInt(number)) ? wanted + syntax : "not reserved";
        }
        if (wanted.equals("reserved name")) return message.isReservedName(field) ? wanted + syntax : "not reserved";
        FieldDescriptor ours = message.findFieldByName(field);
        if (ours == null) return "no such field";
        if (ours.getNumber() != Integer.parseInt(number)) return "number " + ours.getNumber();
        return type(ours) + syntax;
    }

    private String removed(String name, String field, String number) {
        Descriptor message = messages.get(name);
        if (message == null || message.findFieldByName(field) != null) return "not removed";
        return message.isReservedNumber(Integer.parseInt(number)) ? syntax(message.getFile()) : "not reserved";
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            Descriptor entry = field.getMessageType();
            return "map<" + plainType(entry.findFieldByNumber(1)) + "," + plainType(entry.findFieldByNumber(2)) + ">";
        }
        if (field.getRealContainingOneof() != null) {
            return "oneof " + field.getRealContainingOneof().getName() + ": " + plainType(field);
        }
        if (field.isRepeated()) return "repeated " + plainType(field);
        boolean proto2 = syntax(field.getFile()).equals("proto2");
        return (proto2 ? field.isRequired() ? "required " : "optional " : "") + plainType(field);
    }

    private static String plainType(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> "enum " + field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String syntax(FileDescriptor file) {
        String syntax = file.toProto().getSyntax();
        return syntax.isEmpty() ? "proto2" : syntax;
    }

    private Set<String> ourFields() {
        Set<String> ours = new TreeSet<>();
        messages.forEach((name, message) -> {
            if (message.toProto().getOptions().getMapEntry()) return;
            for (FieldDescriptor field : message.getFields()) ours.add(name + "." + field.getName());
        });
        enums.forEach((name, type) -> type.getValues().forEach(value -> ours.add(name + "." + value.getName())));
        return ours;
    }

    private void index(Descriptor message) {
        messages.put(message.getFullName(), message);
        message.getNestedTypes().forEach(this::index);
        message.getEnumTypes().forEach(type -> enums.put(type.getFullName(), type));
    }

    private static List<String> table(String name) throws IOException {
        List<String> lines = Files.readAllLines(SharedFolder.file(name));
        return lines.subList(1, lines.size());
    }
}
