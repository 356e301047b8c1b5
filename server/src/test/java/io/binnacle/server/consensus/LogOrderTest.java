package io.binnacle.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.base.Bytes;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.sim.SimDisk;
import io.binnacle.io.sim.SimTime;
import io.binnacle.server.SharedFolder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A new member writes the log that a new member of etcd writes. */
class LogOrderTest {

    private record Raw(int type, long crc, Bytes data) {}

    @Test
    void theLogOfANewMemberHasEtcdsRecordsInEtcdsOrder() throws Exception {
        SimDisk disk = newMemberStopped();

        List<String> order = new ArrayList<>();
        for (Raw record : records(disk)) order.add(describe(record));

        // Two commits may be noted at once; the rest is fixed (formats.md §12).
        assertThat(order.subList(0, 8)).containsExactly("crc", "metadata", "snapshot", "entry 1/1 conf change",
                "state 1/0/1", "state 2/self/1", "entry 2/2 empty", "entry 2/3");
        assertThat(order).contains("entry 2/4").endsWith("state 2/self/4");
        assertThat(order.stream().filter(line -> line.startsWith("entry"))).containsExactly("entry 1/1 conf change",
                "entry 2/2 empty", "entry 2/3", "entry 2/4");
    }

    @Test
    void itsFirstRecordsAreEtcdsToTheByte() throws Exception {
        List<Raw> ours = records(newMemberStopped());

        JsonNode theirs = SharedFolder.json(SharedFolder.file("golden/etcd/data/empty-3.7.1-clean").resolve("wal.json"))
                .get(0).get("records");
        for (int at = 0; at < 7; at++) { // up to the empty entry of the first term; what follows carries request ids
            JsonNode record = theirs.get(at);
            assertThat(ours.get(at).crc()).as("crc of %s", record).isEqualTo(record.get("crc").asLong());
            String data = java.util.HexFormat.of().formatHex(ours.get(at).data().toByteArray());
            assertThat(data).isEqualTo(record.path("data").asText(""));
        }
    }

    private static SimDisk newMemberStopped() throws Exception {
        SimDisk disk = new SimDisk(new Random(1));
        disk.createDirectories(Path.of("/d"));
        SimMember life = new SimMember(new Random(2), new SimTime());
        LocalMember member = life.start(disk, SimMember.setup(10_000));
        life.run(() -> member.published().appliedIndex() == 4);
        life.stop();
        return disk;
    }

    private static String describe(Raw record) {
        return switch (record.type()) {
            case 1 -> "metadata";
            case 2 -> {
                Entry entry = Entry.decode(record.data());
                boolean empty = entry.data() == null || entry.data().isEmpty();
                yield "entry " + entry.term() + "/" + entry.index() + (entry.type() == 1 ? " conf change" : empty ? " empty" : "");
            }
            case 3 -> {
                HardState state = HardState.decode(record.data());
                yield "state " + state.term() + "/" + (state.vote() == 0 ? "0" : "self") + "/" + state.commit();
            }
            case 4 -> "crc";
            case 5 -> "snapshot";
            default -> "type " + record.type();
        };
    }

    /** Frames as formats.md §2.3 draws them: length, the record's fields, padding. */
    private static List<Raw> records(SimDisk disk) throws Exception {
        byte[] bytes = new byte[1 << 16];
        Path segment = SimMember.DATA.resolve("member/wal/0000000000000000-0000000000000000.wal");
        try (DiskFile file = disk.open(segment, Disk.Open.READ)) {
            file.read(0, ByteBuffer.wrap(bytes));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Raw> records = new ArrayList<>();
        while (in.remaining() > 8) {
            long field = in.getLong();
            if (field == 0) break;
            int length = (int) (field & 0xFFFFFFFFFFFFFFL);
            int padding = field < 0 ? (int) (field >>> 56 & 7) : 0;
            byte[] record = new byte[length];
            in.get(record);
            in.position(in.position() + padding);
            records.add(raw(record));
        }
        return records;
    }

    private static Raw raw(byte[] record) throws Exception {
        var reader = com.google.protobuf.CodedInputStream.newInstance(record);
        int type = 0;
        long crc = 0;
        Bytes data = Bytes.EMPTY;
        for (int tag = reader.readTag(); tag != 0; tag = reader.readTag()) {
            switch (tag >>> 3) {
                case 1 -> type = reader.readInt32();
                case 2 -> crc = Integer.toUnsignedLong(reader.readUInt32());
                case 3 -> data = Bytes.of(reader.readByteArray());
                default -> throw new AssertionError("field " + (tag >>> 3));
            }
        }
        return new Raw(type, crc, data);
    }
}
