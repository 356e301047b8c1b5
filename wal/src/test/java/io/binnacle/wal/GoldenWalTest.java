package io.binnacle.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.api.raftpb.ConfState;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.Snapshot;
import io.binnacle.api.raftpb.WalRecord;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.base.Bytes;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import io.binnacle.io.SystemDisk;
import io.binnacle.io.sim.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Real etcd's logs and snapshot files, read record by record and written again. */
class GoldenWalTest {

    private static final Map<String, Long> TYPES = Map.of("metadata", 1L, "entry", 2L, "state", 3L, "crc", 4L, "snapshot", 5L);

    @TempDir
    private Path directory = Path.of("/");

    private final Disk disk = new SystemDisk();

    @TestFactory
    List<DynamicTest> everyLogIsReadAsItIsAndWrittenAgainByteForByte() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : GoldenDirectory.names()) tests.add(DynamicTest.dynamicTest(name, () -> checkLog(name)));
        assertThat(tests).hasSizeGreaterThanOrEqualTo(50);
        return tests;
    }

    private void checkLog(String name) throws Exception {
        Path target = directory.resolve(name);
        GoldenDirectory.restore(name, disk, target, "member/wal");
        Path wal = target.resolve("member/wal");
        for (JsonNode segment : GoldenDirectory.list(GoldenDirectory.json(name, "wal.json"))) {
            checkSegment(wal.resolve(segment.get("name").asText()), segment);
        }
        List<WalSnapshot> valid = WalReading.validSnapshots(disk, wal);
        WalSnapshot start = valid.getLast();
        JsonNode manifest = GoldenDirectory.json(name, "manifest.json");
        try (Wal opened = Wal.open(disk, wal, start, WalConfig.DEFAULT)) {
            WalContents contents = opened.contents();
            assertThat(contents.repaired()).isFalse();
            assertThat(contents.snapshotFound()).isTrue();
            HardState state = contents.state();
            JsonNode expected = manifest.get("lastHardState");
            if (expected != null && state != null) {
                assertThat(state.term()).isEqualTo(expected.get("term").asLong());
                assertThat(state.commit()).isEqualTo(expected.get("commit").asLong());
            }
            if (!contents.entries().isEmpty()) {
                long first = contents.entries().getFirst().index();
                assertThat(first).isEqualTo(start.index() + 1);
                assertThat(opened.read(first, Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(contents.entries());
            }
        }
        disk.deleteTree(target);
    }

    private void checkSegment(Path path, JsonNode segment) throws Exception {
        List<JsonNode> expected = GoldenDirectory.list(segment.get("records"));
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            assertThat(file.size()).isEqualTo(segment.get("length").asLong());
            FrameReader reader = new FrameReader(file, path.getFileName().toString(), true, 0);
            FrameWriter writer = new FrameWriter(64, (int) expected.getFirst().get("crc").asLong());
            int count = 0;
            for (WalRecord record; (record = reader.next()) != null; count++) {
                JsonNode wanted = expected.get(count);
                assertThat(reader.frameOffset()).isEqualTo(wanted.get("off").asLong());
                assertThat(record.type()).isEqualTo(TYPES.get(wanted.get("type").asText()));
                assertThat(Integer.toUnsignedLong(record.crc())).isEqualTo(wanted.get("crc").asLong());
                checkData(record, wanted);
                writer.clear();
                encodeAgain(record, writer);
                ByteBuffer original = ByteBuffer.allocate((int) (reader.offset() - reader.frameOffset()));
                file.read(reader.frameOffset(), original);
                assertThat(writer.encoded()).as("record %d of %s", count, path).isEqualTo(original.flip());
            }
            assertThat(count).isEqualTo(expected.size());
            assertThat(reader.offset()).isEqualTo(segment.get("endOffset").asLong());
        }
    }

    private static void checkData(WalRecord record, JsonNode wanted) throws Exception {
        JsonNode data = wanted.get("data");
        if (data == null || record.data() == null) return;
        byte[] bytes = record.data().toByteArray();
        if (data.isTextual()) {
            assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(data.asText());
        } else {
            assertThat(bytes.length).isEqualTo(data.get("len").asInt());
            assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))).isEqualTo(data.get("sha256").asText());
        }
    }

    /** Through the decoded form, so that presence is checked too. */
    private static void encodeAgain(WalRecord record, FrameWriter writer) {
        Bytes data = record.data();
        switch ((int) record.type()) {
            case 2 -> writer.record(record.type(), Entry.decode(orEmpty(data)).encoded());
            case 3 -> writer.record(record.type(), HardState.decode(orEmpty(data)).encoded());
            case 4 -> writer.crcRecord();
            case 5 -> writer.record(record.type(), WalSnapshot.decode(orEmpty(data)).encoded());
            default -> writer.record(record.type(), orEmpty(data));
        }
    }

    private static Bytes orEmpty(@Nullable Bytes data) {
        return data == null ? Bytes.EMPTY : data;
    }

    @TestFactory
    List<DynamicTest> everySnapFileIsReadAndWrittenAgainByteForByte() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : GoldenDirectory.names()) {
            if (GoldenDirectory.has(name, "snap.json")) tests.add(DynamicTest.dynamicTest(name, () -> checkSnaps(name)));
        }
        return tests;
    }

    private void checkSnaps(String name) throws IOException {
        SimDisk memory = new SimDisk(new Random(1));
        GoldenDirectory.restore(name, memory, Path.of("/g"), "member/snap/0");
        memory.createDirectories(Path.of("/g/member/snap"));
        SnapFiles files = new SnapFiles(memory, Path.of("/g/member/snap"));
        memory.createDirectories(Path.of("/again"));
        for (JsonNode wanted : GoldenDirectory.list(GoldenDirectory.json(name, "snap.json"))) {
            String file = wanted.get("name").asText();
            Snapshot snapshot = files.read(file);
            assertThat(snapshot.metadata().index()).isEqualTo(wanted.get("metadata").get("index").asLong());
            assertThat(snapshot.metadata().term()).isEqualTo(wanted.get("metadata").get("term").asLong());
            ConfState conf = snapshot.metadata().confState();
            assertThat(conf).isNotNull();
            Path again = new SnapFiles(memory, Path.of("/again")).write(snapshot);
            assertThat(again.getFileName().toString()).isEqualTo(file);
            assertThat(all(memory, again)).isEqualTo(all(memory, Path.of("/g/member/snap").resolve(file)));
        }
    }

    private static byte[] all(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(0, ByteBuffer.wrap(bytes));
            return bytes;
        }
    }

    @TestFactory
    List<DynamicTest> everyDamageGetsTheVerdictOfEtcd() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode damage : GoldenDirectory.list(GoldenDirectory.damages())) {
            String name = damage.get("name").asText();
            if (name.startsWith("wal-") || name.startsWith("segments-") || name.startsWith("snap-")) {
                tests.add(DynamicTest.dynamicTest(name, () -> checkDamage(damage)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private void checkDamage(JsonNode damage) throws IOException {
        String name = damage.get("name").asText();
        Path target = directory.resolve(name);
        GoldenDirectory.restore(damage.get("base").asText(), disk, target, "member/");
        GoldenDirectory.damage(damage.get("edits"), disk, target);
        JsonNode verdict = damage.get("etcd 3.7.1");
        boolean started = !verdict.get("result").asText().equals("exited");
        String log = verdict.get("log").toString();
        Path wal = target.resolve("member/wal");
        if (!WalReading.exists(disk, wal)) {
            assertThat(name).isEqualTo("wal-removed"); // no log at all: what to do then is the server's to say
            return;
        }
        String outcome;
        try {
            WalSnapshot start = WalReading.validSnapshots(disk, wal).getLast();
            try (Wal opened = Wal.open(disk, wal, start, WalConfig.DEFAULT)) {
                outcome = opened.contents().repaired() ? "repaired" : "opened";
                List<String> names = disk.list(wal);
                assertThat(names.stream().anyMatch(file -> file.endsWith(".broken"))).isEqualTo(opened.contents().repaired());
            }
        } catch (WalException refused) {
            outcome = String.valueOf(refused.getMessage());
            if (refused.kind() == WalException.Kind.CRC_MISMATCH) {
                String etcdSays = outcome.startsWith("walpb: crc mismatch: expected") ? outcome : "walpb: crc mismatch";
                assertThat(log).contains(etcdSays);
            }
        }
        if (name.startsWith("snap-") && damage.has("etcd 3.6.14")) checkSnapChoice(damage.get("etcd 3.6.14"), target);
        boolean opened = outcome.equals("opened") || outcome.equals("repaired");
        assertThat(opened).as("%s: etcd %s, here %s", name, verdict.get("result"), outcome).isEqualTo(started);
        if (opened) assertThat(outcome.equals("repaired")).as("%s", name).isEqualTo(log.contains("repaired WAL"));
        disk.deleteTree(target);
    }

    /** 3.6, which reads {@code .snap} files back, renames the same ones aside. */
    private void checkSnapChoice(JsonNode verdict, Path target) throws IOException {
        Path snap = target.resolve("member/snap");
        new SnapFiles(disk, snap).newest(WalReading.validSnapshots(disk, target.resolve("member/wal")));
        List<String> broken = new ArrayList<>();
        verdict.path("filesAfter").fieldNames().forEachRemaining(file -> {
            if (file.endsWith(".broken")) broken.add(file.substring("member/snap/".length()));
        });
        assertThat(disk.list(snap).stream().filter(file -> file.endsWith(".broken")).toList()).containsExactlyInAnyOrderElementsOf(broken);
    }

    @TestFactory
    List<DynamicTest> theMembershipDocumentHasTheTreeThatEtcdWrites() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : GoldenDirectory.names()) {
            if (!GoldenDirectory.has(name, "snap.json")) continue;
            for (JsonNode file : GoldenDirectory.list(GoldenDirectory.json(name, "snap.json"))) {
                JsonNode root = file.path("v2").path("Root");
                if (root.isObject()) tests.add(DynamicTest.dynamicTest(name, () -> checkDocument(root)));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void checkDocument(JsonNode root) throws IOException {
        JsonNode zero = root.get("Children").get("0").get("Children");
        List<MembershipDocument.Member> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : zero.path("members").path("Children").properties()) {
            JsonNode children = member.getValue().get("Children");
            JsonNode raft = GoldenDirectory.parse(children.get("raftAttributes").get("Value").asText());
            JsonNode attributes = children.has("attributes") ? GoldenDirectory.parse(children.get("attributes").get("Value").asText()) : GoldenDirectory.parse("{}");
            members.add(new MembershipDocument.Member(Long.parseUnsignedLong(member.getKey(), 16), attributes.path("name").asText(),
                    texts(raft.get("peerURLs")), texts(attributes.path("clientURLs")), raft.path("isLearner").asBoolean()));
        }
        List<Long> removed = new ArrayList<>();
        zero.path("removed_members").path("Children").fieldNames().forEachRemaining(id -> removed.add(Long.parseUnsignedLong(id, 16)));
        JsonNode version = zero.path("version").path("Value");

        JsonNode ours = GoldenDirectory.parse(MembershipDocument.of(members, removed, version.isTextual() ? version.asText() : null).toUtf8());

        assertThat(shape(ours.get("Root"))).isEqualTo(shape(root));
        assertThat(ours.get("WatcherHub").get("EventHistory").get("Queue").get("Events")).hasSize(1000);
    }

    private static List<String> texts(JsonNode array) {
        return GoldenDirectory.list(array).stream().map(JsonNode::asText).toList();
    }

    /** Paths, kinds and values; indexes depend on the order of Go's maps. */
    private static String shape(JsonNode node) {
        StringBuilder shape = new StringBuilder(node.get("Path").asText()).append('=').append(node.get("Value").asText());
        if (!node.get("Children").isObject()) return shape.append('\n').toString();
        shape.append("/\n");
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> child : node.get("Children").properties()) sorted.put(child.getKey(), child.getValue());
        for (JsonNode child : sorted.values()) shape.append(shape(child));
        return shape.toString();
    }
}
