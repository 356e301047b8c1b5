package io.binnacle.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.backend.BackendView;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import io.binnacle.io.SystemDisk;
import io.binnacle.mvcc.HashAnswer;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.MvccView;
import io.binnacle.server.SharedFolder;
import io.binnacle.wal.WalContents;
import io.binnacle.wal.WalReading;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs that real etcd wrote, applied from the first entry on, lead to the databases that real etcd wrote. */
class ReplayTest {

    /** Written beside the log or decided by the file; formats.md §7. */
    private static final Set<String> NOT_FROM_ENTRIES = Set.of("consistent_index", "term", "storageVersion");

    @TempDir
    private @Nullable Path folder;
    private int replayed;
    private int entries;
    private int hashes;
    private int pairs;
    private int liveKeys;
    private final List<String> passedOver = new ArrayList<>();

    @Test
    void everyRecordedLogAppliedFromItsFirstEntryGivesTheRecordedDatabase() throws Exception {
        for (Path directory : SharedFolder.dataDirectories()) replay(directory);

        System.out.println("replayed logs: " + replayed + ", entries " + entries + ", bucket pairs " + pairs
                + ", hashes " + hashes + ", live keys " + liveKeys + "; not from an empty database: " + passedOver);
        assertThat(replayed).isGreaterThanOrEqualTo(33);
    }

    private void replay(Path directory) throws Exception {
        String name = directory.getFileName().toString();
        JsonNode manifest = SharedFolder.json(directory.resolve("manifest.json"));
        Path copy = java.util.Objects.requireNonNull(folder).resolve(name);
        boolean startsFromElsewhere = name.startsWith("restored") || name.startsWith("force-new-cluster");
        if (startsFromElsewhere || !hasEveryEntry(directory)) {
            passedOver.add(name);
            return;
        }
        SharedFolder.restore(directory, "member/wal/", copy);
        WalContents log = WalReading.readOnly(new SystemDisk(), copy.resolve("member/wal"), new WalSnapshot(0, 0, null));
        long consistent = manifest.get("consistentIndex").asLong();
        AppliedState state = new AppliedState();
        for (Entry entry : log.entries()) {
            if (entry.index() == consistent + 1) checkDatabase(state, directory, manifest, name);
            state.apply(entry);
            entries++;
        }
        if (log.lastIndex() == consistent) checkDatabase(state, directory, manifest, name);
        checkLive(state, manifest, name);
        replayed++;
    }

    /** Whether the log holds its entries from 1 on: not that of a member which was sent a snapshot, or that was cut. */
    private static boolean hasEveryEntry(Path directory) throws IOException {
        long reached = 0;
        for (JsonNode segment : SharedFolder.json(directory.resolve("wal.json"))) {
            for (JsonNode record : segment.get("records")) {
                long index = record.path("entry").path("index").asLong(0);
                if (index > reached + 1) return false;
                reached = Math.max(reached, index);
            }
        }
        return reached > 0;
    }

    private void checkDatabase(AppliedState state, Path directory, JsonNode manifest, String name) throws Exception {
        state.finishCompaction();
        assertThat(state.store.revision()).as(name).isEqualTo(manifest.get("currentRevision").asLong());
        assertThat(state.store.compactRevision()).as(name).isEqualTo(manifest.get("compactRevision").asLong());
        MvccView view = state.store.view();
        for (JsonNode hash : manifest.get("hashKV")) {
            long revision = hash.get("rev").asLong();
            // That of the compaction itself was taken by the compaction; the recorded one by reading afterwards.
            if (revision == state.store.compactRevision()) continue;
            assertThat(state.store.hash(view, revision)).as("%s at %d", name, revision).isEqualTo(new HashAnswer.Hash(
                    (int) hash.get("hash").asLong(), revision, hash.get("compactRevision").asLong(), view.revision()));
            hashes++;
        }
        view.release();
        Map<String, Bucket> buckets = new TreeMap<>();
        for (Bucket bucket : Bucket.byName()) buckets.put(bucket.bucketName().toUtf8(), bucket);
        for (JsonNode recorded : SharedFolder.json(directory.resolve("db.json")).get("buckets")) {
            Bucket bucket = buckets.get(recorded.get("name").asText());
            if (bucket != null) checkBucket(state, bucket, recorded, name);
        }
    }

    private void checkBucket(AppliedState state, Bucket bucket, JsonNode recorded, String name) throws Exception {
        Map<String, String> ours = contents(state, bucket);
        pairs += ours.size();
        if (bucket != Bucket.META) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ours.forEach((key, value) -> digest.update(HexFormat.of().parseHex(key + value)));
            if (HexFormat.of().formatHex(digest.digest()).equals(recorded.get("sha256OfPairs").asText())) return;
        }
        Map<String, String> theirs = new TreeMap<>();
        for (JsonNode pair : recorded.path("pairs")) theirs.put(pair.get(0).asText(), pair.get(1).asText("long"));
        theirs.forEach((key, value) -> {
            if (value.isEmpty()) ours.computeIfPresent(key, (same, _) -> ""); // a long value is recorded by its hash
        });
        if (bucket == Bucket.META) {
            for (String key : NOT_FROM_ENTRIES) {
                ours.remove(hex(key));
                theirs.remove(hex(key));
            }
        }
        assertThat(readable(ours)).as("%s, %s", name, bucket).isEqualTo(readable(theirs));
        if (bucket != Bucket.META) throw new AssertionError(name + ", " + bucket + ": a long value differs");
    }

    private void checkLive(AppliedState state, JsonNode manifest, String name) throws Exception {
        if (!manifest.path("revision").isNumber()) return;
        MvccView view = state.store.view();
        assertThat(view.revision()).as(name).isEqualTo(manifest.get("revision").asLong());
        for (JsonNode expected : manifest.path("live")) {
            KeyValue pair = KvExecutor.pair(view, Bytes.of(HexFormat.of().parseHex(expected.get("key").asText())), view.revision());
            assertThat(pair).as("%s, %s", name, expected).isNotNull();
            if (pair == null) continue;
            assertThat(pair.createRevision()).isEqualTo(expected.get("create").asLong());
            assertThat(pair.modRevision()).isEqualTo(expected.get("mod").asLong());
            assertThat(pair.version()).isEqualTo(expected.get("version").asLong());
            String lease = expected.path("lease").asText("0");
            assertThat(pair.lease()).isEqualTo(Long.parseUnsignedLong(lease, 16));
            if (pair.lease() != 0) {
                Lease attached = state.leases.find(pair.lease());
                assertThat(attached == null ? Set.of() : attached.keys()).contains(pair.key());
            }
            liveKeys++;
        }
        view.release();
    }

    private static Map<String, String> contents(AppliedState state, Bucket bucket) {
        Map<String, String> pairs = new TreeMap<>();
        BackendView view = state.backend.view();
        view.scan(bucket, Bytes.EMPTY, null, (key, value) -> {
            pairs.put(HexFormat.of().formatHex(key.toByteArray()), HexFormat.of().formatHex(value.toByteArray()));
            return true;
        });
        view.release();
        return pairs;
    }

    /** The same with printable bytes as they are, so that a difference can be read. */
    private static Map<String, String> readable(Map<String, String> pairs) {
        Map<String, String> readable = new TreeMap<>();
        pairs.forEach((key, value) -> readable.put(
                Bytes.of(HexFormat.of().parseHex(key)).toString() + " " + key,
                value + " " + new String(HexFormat.of().parseHex(value), java.nio.charset.StandardCharsets.ISO_8859_1)));
        return readable;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
