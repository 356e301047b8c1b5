package io.binnacle.api.raftpb;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Locale;

/** The proto2 messages of the format reference 2.3, 3 and 4.1 as descriptors; enums are plain numbers on the wire. */
final class Schema {

    private static final FileDescriptor FILE = file(
            message("Entry", "Type int32", "Term uint64", "Index uint64", "Data bytes"),
            message("SnapshotMetadata", "conf_state ConfState", "index uint64", "term uint64"),
            message("Snapshot", "data bytes", "metadata SnapshotMetadata"),
            message("Message", "type int32", "to uint64", "from uint64", "term uint64", "logTerm uint64", "index uint64",
                    "entries Entry*", "commit uint64", "snapshot Snapshot", "reject bool", "rejectHint uint64",
                    "context bytes", "vote uint64"),
            message("HardState", "term uint64", "vote uint64", "commit uint64"),
            message("ConfState", "voters uint64*", "learners uint64*", "voters_outgoing uint64*",
                    "learners_next uint64*", "auto_leave bool"),
            message("ConfChange", "id uint64", "type int32", "node_id uint64", "context bytes"),
            message("ConfChangeSingle", "type int32", "node_id uint64"),
            message("ConfChangeV2", "transition int32", "changes ConfChangeSingle*", "context bytes"),
            message("WalRecord", "type int64", "crc uint32", "data bytes"),
            message("WalSnapshot", "index uint64", "term uint64", "conf_state ConfState"),
            message("SnapFile", "crc uint32", "data bytes"));

    private Schema() {}

    static Descriptor of(String message) {
        return FILE.findMessageTypeByName(message);
    }

    /** Fields are numbered from one; {@code *} is repeated. */
    private static DescriptorProto message(String name, String... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (String field : fields) {
            String[] words = field.split("[ *]", -1);
            FieldDescriptorProto.Builder built = message.addFieldBuilder().setName(words[0])
                    .setNumber(message.getFieldCount())
                    .setLabel(field.endsWith("*") ? FieldDescriptorProto.Label.LABEL_REPEATED
                            : FieldDescriptorProto.Label.LABEL_OPTIONAL);
            if (Character.isUpperCase(words[1].charAt(0))) {
                built.setTypeName(words[1]).setType(FieldDescriptorProto.Type.TYPE_MESSAGE);
            } else {
                built.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + words[1].toUpperCase(Locale.ROOT)));
            }
        }
        return message.build();
    }

    private static FileDescriptor file(DescriptorProto... messages) {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("raft.proto");
        for (DescriptorProto message : messages) file.addMessageType(message);
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException invalid) {
            throw new AssertionError(invalid);
        }
    }
}
