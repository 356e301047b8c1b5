package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Database files written by real etcd: opened, checked, read, copied. */
final class GoldenFilesTest {

    private static final Path DB = Path.of("/golden/db");

    @Test
    void everyDatabaseOfRealEtcdOpensCleanAndHoldsTheRecordedPairs() throws IOException {
        List<Path> directories;
        try (Stream<Path> all = Files.list(Golden.etcd().resolve("data"))) {
            directories = all.sorted().toList();
        }
        int buckets = 0;
        for (Path directory : directories) buckets += open(directory);
        System.out.println("golden databases: " + directories.size() + ", buckets equal: " + buckets);
        assertThat(directories).hasSize(50);
    }

    @Test
    void aStoredFreelistOfMoreThan65535IdsIsRead() throws IOException {
        byte[] bytes = Golden.bytes(Golden.etcd().resolve("bolt").resolve("freelist-65535.db"));
        MemoryDisk disk = MemoryDisk.holding(DB, bytes);
        try (BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults().withFreelistSync(true)); BoltSnapshot snapshot = file.snapshot()) {
            assertThat(file.pageSize()).isEqualTo(1024);
            assertThat(file.check(snapshot)).isEmpty();
            assertThat(file.checkFreelist()).isEmpty();
            long free = (file.sizeBytes() - file.sizeInUseBytes()) / file.pageSize();
            System.out.println("freelist-65535: free pages " + free);
            assertThat(free).isGreaterThan(65535);
        }
        try (BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults().withFreelistSync(true))) {
            BoltWriter writer = file.begin();
            writer.createBucket(Bytes.utf8("more"));
            writer.commit();
            try (BoltSnapshot snapshot = file.snapshot()) {
                assertThat(file.check(snapshot)).isEmpty();
            }
        }
        try (BoltFile file = BoltFile.open(disk, DB, BoltOptions.defaults())) {
            assertThat(file.checkFreelist()).isEmpty();
        }
    }

    @Test
    void snapshotsSavedByEtcdctlOpenAndTheirImageIsTheFileItself() throws IOException {
        for (String version : List.of("3.6.14", "3.7.1")) {
            byte[] saved = Golden.bytes(Golden.etcd().resolve("snapshots").resolve("history-" + version + ".snapshot"));
            byte[] database = Arrays.copyOf(saved, saved.length - 32); // a SHA-256 follows
            try (BoltFile file = BoltFile.open(MemoryDisk.holding(DB, database), DB, BoltOptions.defaults()); BoltSnapshot snapshot = file.snapshot()) {
                assertThat(file.check(snapshot)).isEmpty();
                assertThat(image(snapshot, 1000)).isEqualTo(database);
            }
        }
    }

    static byte[] image(BoltSnapshot snapshot, int piece) {
        byte[] image = new byte[(int) snapshot.lengthBytes()];
        for (int at = 0; at < image.length;) {
            ByteBuffer target = ByteBuffer.allocate(Math.min(piece, image.length - at));
            snapshot.copyTo(at, target);
            assertThat(target.hasRemaining()).isFalse();
            System.arraycopy(target.array(), 0, image, at, target.position());
            at += target.position();
        }
        return image;
    }

    private static int open(Path directory) throws IOException {
        byte[] bytes = Golden.bytes(directory.resolve("files/member/snap/db"));
        JsonNode expected = Golden.json(directory.resolve("db.json"));
        int buckets = 0;
        for (boolean readOnly : List.of(true, false)) {
            BoltOptions options = BoltOptions.defaults().withReadOnly(readOnly);
            try (BoltFile file = BoltFile.open(MemoryDisk.holding(DB, bytes), DB, options); BoltSnapshot snapshot = file.snapshot()) {
                String where = directory.getFileName().toString();
                assertThat(file.check(snapshot)).as(where).isEmpty();
                assertThat(snapshot.txid()).as(where).isEqualTo(expected.get("txid").asLong());
                assertThat(file.sizeBytes()).as(where).isEqualTo(expected.get("size").asLong());
                assertThat(snapshot.bucketNames()).as(where).hasSize(expected.get("buckets").size());
                for (JsonNode bucket : expected.get("buckets")) {
                    compare(where, file, snapshot, bucket);
                    buckets++;
                }
            }
        }
        return buckets / 2;
    }

    private static void compare(String where, BoltFile file, BoltSnapshot snapshot, JsonNode expected) {
        Bytes name = Bytes.utf8(expected.get("name").asText());
        BoltBucket bucket = Objects.requireNonNull(snapshot.bucket(name));
        MessageDigest digest = Golden.newDigest();
        BoltCursor cursor = bucket.cursor();
        int keys = 0;
        JsonNode pairs = expected.get("pairs");
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            digest.update(cursor.key().toByteArray());
            digest.update(cursor.value().toByteArray());
            if (pairs != null) {
                assertThat(HexFormat.of().formatHex(cursor.key().toByteArray())).isEqualTo(pairs.get(keys).get(0).asText());
            }
            assertThat(bucket.get(cursor.key())).isEqualTo(cursor.value());
            keys++;
        }
        String as = where + " " + name.toUtf8();
        assertThat(HexFormat.of().formatHex(digest.digest())).as(as).isEqualTo(expected.get("sha256OfPairs").asText());
        BucketStats stats = Objects.requireNonNull(file.stats(snapshot, name));
        assertThat(stats.keys()).as(as).isEqualTo(expected.get("keys").asLong()).isEqualTo(keys).isEqualTo(bucket.keyCount());
        assertThat(stats.inline()).as(as).isEqualTo(expected.get("inline").asBoolean());
        assertThat(stats.depth()).as(as).isEqualTo(expected.get("depth").asInt());
        assertThat(stats.leafPages()).as(as).isEqualTo(expected.path("leafPages").asLong());
        assertThat(stats.leafOverflow()).as(as).isEqualTo(expected.path("leafOverflow").asLong());
        assertThat(stats.leafInuseBytes()).as(as).isEqualTo(expected.path("leafInuse").asLong());
        assertThat(stats.branchPages()).as(as).isEqualTo(expected.path("branchPages").asLong());
        assertThat(stats.branchInuseBytes()).as(as).isEqualTo(expected.path("branchInuse").asLong());
    }
}
