package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Damage to {@code db} as recorded with real etcd: the same survives, the same is refused, by name. */
final class DamagedFileTest {

    private static final Path DB = Path.of("/damaged/db");
    private static final Map<String, String> REFUSALS = Map.of(
            "db-both-metas-bad", "checksum error",
            "db-magic-bad", "invalid database",
            "db-version-bad", "version mismatch",
            "db-truncated-to-8192", "file ends at 8192, its meta counts",
            "db-key-root-page-zeroed", "page 9: self identifies as 0",
            "db-root-page-wrong-flags", "page 10: has unexpected type/flags: 8");
    private static final List<String> SURVIVALS = List.of("db-empty-file", "db-meta0-bad-checksum", "db-meta1-bad-checksum");

    @Test
    void recordedDamageIsSurvivedOrRefusedByName() throws IOException {
        int cases = 0;
        for (JsonNode recorded : Golden.json(Golden.etcd().resolve("damage").resolve("server.json"))) {
            String name = recorded.get("name").asText();
            String refusal = REFUSALS.get(name);
            if (refusal == null && !SURVIVALS.contains(name)) continue;
            cases++;
            MemoryDisk disk = MemoryDisk.holding(DB, damaged(recorded));
            if (refusal == null) {
                try (BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults()); BoltSnapshot snapshot = file.snapshot()) {
                    assertThat(file.check(snapshot)).as(name).isEmpty();
                }
            } else {
                assertThatThrownBy(() -> BoltFile.open(disk, DB, BoltOptions.defaults())).as(name)
                        .isInstanceOf(BoltException.class).hasMessageContaining(refusal);
            }
        }
        assertThat(cases).isEqualTo(REFUSALS.size() + SURVIVALS.size());
    }

    @Test
    void anyFlippedByteIsReadOrRefusedButNeverEndsInAnotherError() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        BoltFile written = BoltFile.open(disk, DB, BoltOptions.defaults().withPageSize(1024).withFreelistSync(true));
        BoltWriter writer = written.begin();
        writer.createBucket(Bytes.utf8("b"));
        writer.createBucket(Bytes.utf8("inline"));
        writer.put(Bytes.utf8("inline"), Bytes.utf8("k"), Bytes.utf8("v"));
        for (int key = 0; key < 200; key++) writer.put(Bytes.utf8("b"), Bytes.utf8("key" + key), Bytes.utf8("value" + key));
        writer.commit();
        byte[] sound = disk.bytes(DB);
        int end = (int) written.sizeBytes();
        int refused = 0;
        for (int at = 2048; at < end; at++) {
            byte[] bytes = Arrays.copyOf(sound, sound.length);
            bytes[at] ^= (byte) 0x81;
            try (BoltFile file = BoltFile.open(MemoryDisk.holding(DB, bytes), DB, BoltOptions.defaults()); BoltSnapshot snapshot = file.snapshot()) {
                file.check(snapshot);
                for (Bytes name : snapshot.bucketNames()) {
                    BoltBucket bucket = snapshot.bucket(name);
                    if (bucket != null) bucket.keyCount();
                }
            } catch (BoltException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] damaged(JsonNode recorded) throws IOException {
        byte[] bytes = Golden.bytes(Golden.etcd().resolve("data").resolve(recorded.get("base").asText()).resolve("files/member/snap/db"));
        for (JsonNode edit : recorded.get("edits")) {
            int at = edit.path("offset").asInt();
            switch (edit.get("op").asText()) {
                case "truncate" -> bytes = Arrays.copyOf(bytes, edit.get("length").asInt());
                case "zero" -> Arrays.fill(bytes, at, at + edit.get("length").asInt(), (byte) 0);
                case "xor" -> bytes[at] ^= (byte) edit.get("mask").asInt();
                case "write" -> {
                    byte[] put = HexFormat.of().parseHex(edit.get("bytes").asText());
                    System.arraycopy(put, 0, bytes, at, put.length);
                }
                default -> throw new IllegalStateException(edit.toString());
            }
        }
        return bytes;
    }
}
