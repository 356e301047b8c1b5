package io.binnacle.api.raftpb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.binnacle.api.RandomEncoding;
import io.binnacle.api.Seed;
import io.binnacle.base.Bytes;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The records against protobuf-java, and the rules of presence. */
class RaftpbCodecTest {

    private final Seed seed = Seed.of("RaftpbCodecTest");

    @Test
    void everyMessageIsReadAsProtobufDoesItAndNothingIsLostInWriting() throws InvalidProtocolBufferException {
        same("Entry", bytes -> Entry.decode(bytes).encoded());
        same("HardState", bytes -> HardState.decode(bytes).encoded());
        same("ConfState", bytes -> ConfState.decode(bytes).encoded());
        same("SnapshotMetadata", bytes -> SnapshotMetadata.decode(bytes).encoded());
        same("Snapshot", bytes -> Snapshot.decode(bytes).encoded());
        same("Message", bytes -> Message.decode(bytes).encoded());
        same("ConfChange", bytes -> ConfChange.decode(bytes).encoded());
        same("ConfChangeV2", bytes -> ConfChangeV2.decode(bytes).encoded());
        same("WalRecord", bytes -> WalRecord.decode(bytes).encoded());
        same("WalSnapshot", bytes -> WalSnapshot.decode(bytes).encoded());
        same("SnapFile", bytes -> SnapFile.decode(bytes).encoded());
    }

    private void same(String name, Function<Bytes, Bytes> readAndWrite) throws InvalidProtocolBufferException {
        Descriptor type = Schema.of(name);
        RandomEncoding encodings = new RandomEncoding(seed.random(), false, 9);
        for (int turn = 0; turn < Seed.count(2_000); turn++) {
            Bytes bytes = encodings.of(type);
            Bytes written = readAndWrite.apply(bytes);
            DynamicMessage wanted = DynamicMessage.parseFrom(type, ByteString.copyFrom(bytes.asByteBuffer()));
            DynamicMessage found = DynamicMessage.parseFrom(type, ByteString.copyFrom(written.asByteBuffer()));
            assertThat(withoutZeros(found)).as("%s of %s", name, HexFormat.of().formatHex(bytes.toByteArray()))
                    .isEqualTo(withoutZeros(wanted));
            // Ascending order and the shortest varints: what protobuf-java makes of it is the same.
            assertThat(Bytes.of(found.toByteArray())).isEqualTo(written);
        }
    }

    /** Without zero numbers and empty messages, whose presence is a matter of rules, and without unknown fields. */
    private static DynamicMessage withoutZeros(DynamicMessage message) {
        DynamicMessage.Builder builder = message.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance());
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (field.isRepeated()) {
                if (!isMessage) continue;
                for (int index = 0; index < message.getRepeatedFieldCount(field); index++) {
                    builder.setRepeatedField(field, index,
                            withoutZeros((DynamicMessage) message.getRepeatedField(field, index)));
                }
            } else if (isMessage) {
                DynamicMessage inner = withoutZeros((DynamicMessage) message.getField(field));
                if (inner.getAllFields().isEmpty()) builder.clearField(field);
                else builder.setField(field, inner);
            } else if (field.getType() != FieldDescriptor.Type.BYTES
                    && message.getField(field).equals(field.getDefaultValue())) {
                builder.clearField(field);
            }
        }
        return builder.build();
    }

    @Test
    void presenceOfAnEntrysTypeAndDataIsKept() {
        for (String entry : List.of("08001002180222" + "00", "10021802", "1002180222026b76", "22026b76", "08011001180122" + "0100")) {
            assertThat(hex(Entry.decode(bytes(entry)).encoded())).isEqualTo(entry);
        }
    }

    @Test
    void theFirstSnapshotRecordOfALogIsWrittenWithItsZeros() {
        assertThat(hex(new WalSnapshot(0, 0, null).encoded())).isEqualTo("08001000");
        assertThat(hex(new WalRecord(4, 0, null).encoded())).isEqualTo("08041000");
        assertThat(hex(new HardState(1, 0, 0).encoded())).isEqualTo("080110001800");
        assertThat(hex(new ConfChange(0, 1, 5, null).encoded())).isEqualTo("10011805");
    }

    @Test
    void bothFormsOfALinkHeartbeatAreKnown() {
        assertThat(Message.decode(bytes("0808")).isLinkHeartbeat()).isTrue();
        assertThat(Message.decode(bytes("0808100018002000280030004000500058006800")).isLinkHeartbeat()).isTrue();
        assertThat(Message.decode(bytes("0808")).encoded()).isEqualTo(Message.LINK_HEARTBEAT);
        assertThat(Message.decode(bytes("0808100118022003")).isLinkHeartbeat()).isFalse();
    }

    private static Bytes bytes(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
