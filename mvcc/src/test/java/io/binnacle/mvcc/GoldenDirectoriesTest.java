package io.binnacle.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendConfig;
import io.binnacle.backend.BoltBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.SystemDisk;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.KeyRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real etcd left on disk is read as etcd itself reads it: same keys, same revisions, same hashes. */
class GoldenDirectoriesTest {

    private static final Clock CLOCK = new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    };

    @TempDir
    private @Nullable Path folder;
    private final ObjectMapper json = new ObjectMapper();
    private int keys;
    private int hashes;
    private int leases;

    @Test
    void everyRecordedDirectoryHasTheKeysRevisionsAndHashesThatEtcdFound() throws Exception {
        List<Path> directories = new ArrayList<>();
        try (Stream<Path> all = Files.list(SharedFolder.file("golden/etcd/data"))) {
            all.filter(directory -> Files.exists(directory.resolve("manifest.json"))).sorted().forEach(directories::add);
        }
        assertThat(directories).hasSizeGreaterThanOrEqualTo(46);

        for (Path directory : directories) check(directory);

        System.out.println("golden directories: " + directories.size() + ", live keys " + keys + ", leased keys "
                + leases + ", hashes " + hashes);
    }

    private void check(Path directory) throws Exception {
        JsonNode manifest = json.readTree(directory.resolve("manifest.json").toFile());
        Path database = restored(directory, manifest);
        if (database == null) return;
        BackendConfig config = BackendConfig.defaults(() -> {}, () -> {}, failure -> {
            throw new AssertionError(failure);
        }).withFile(1 << 24, false);
        try (Backend backend = BoltBackend.open(new SystemDisk(), database, config, CLOCK, () -> {})) {
            check(backend, manifest, directory.getFileName().toString());
        }
        Files.delete(database);
    }

    private void check(Backend backend, JsonNode manifest, String name) throws Exception {
        Set<String> attached = new TreeSet<>();
        MvccStore store = MvccStore.restore(backend, new MvccConfig(1000, 0), (key, lease) ->
                attached.add(HexFormat.of().formatHex(key.toByteArray()) + " " + HexFormat.of().toHexDigits(lease)));
        assertThat(store.revision()).as(name).isEqualTo(manifest.get("currentRevision").asLong());
        assertThat(store.compactRevision()).as(name).isEqualTo(manifest.get("compactRevision").asLong());
        Agent compactor = store.compactor(CLOCK, () -> {});
        CompactionJob unfinished = ((CompactionAnswer.Compacted) store.compact(-1)).unfinished();
        MvccView view = store.view();
        for (int slice = 0; unfinished != null && !unfinished.finished(); slice++) {
            assertThat(slice).isLessThan(1000);
            compactor.doWork();
            store.maintain();
            view.release();
            view = store.view();
        }
        for (JsonNode hash : manifest.get("hashKV")) checkHash(store, view, hash, name);
        checkHash(store, view, manifest.get("hashKVLatest"), name);
        checkLive(view, manifest, attached, name);
        view.release();
    }

    private void checkHash(MvccStore store, MvccView view, JsonNode expected, String name) {
        long revision = expected.get("rev").asLong();
        assertThat(store.hash(view, revision)).as("%s at %d", name, revision).isEqualTo(new HashAnswer.Hash(
                (int) expected.get("hash").asLong(), revision, expected.get("compactRevision").asLong(),
                view.revision()));
        hashes++;
    }

    private void checkLive(MvccView view, JsonNode manifest, Set<String> attached, String name) throws Exception {
        JsonNode live = manifest.get("live");
        if (live == null || manifest.path("revision").asLong(-1) != view.revision()) return; // recovery adds to it
        Set<String> expectedLeases = new TreeSet<>();
        for (JsonNode expected : live) {
            Bytes key = Bytes.of(HexFormat.of().parseHex(expected.get("key").asText()));
            KeyValue pair = KvExecutor.pair(view, key, view.revision());
            if (pair == null) throw new AssertionError(name + " lacks key " + key);
            assertThat(pair.createRevision()).isEqualTo(expected.get("create").asLong());
            assertThat(pair.modRevision()).isEqualTo(expected.get("mod").asLong());
            assertThat(pair.version()).isEqualTo(expected.get("version").asLong());
            String lease = expected.path("lease").asText("");
            assertThat(pair.lease()).isEqualTo(lease.isEmpty() ? 0 : Long.parseUnsignedLong(lease, 16));
            if (!lease.isEmpty()) expectedLeases.add(expected.get("key").asText() + " " + lease);
            checkValue(pair.value(), expected);
            keys++;
        }
        boolean sample = name.startsWith("pages");
        if (sample) return;
        assertThat(attached).as(name).isEqualTo(expectedLeases);
        leases += attached.size();
        IndexCursor cursor = view.index().cursor(new KeyRange(Bytes.of(new byte[1]), null), view.revision());
        int found = 0;
        while (cursor.next()) found++;
        assertThat(found).as(name).isEqualTo(live.size());
    }

    private static void checkValue(Bytes value, JsonNode expected) throws Exception {
        if (expected.has("value")) {
            assertThat(value).isEqualTo(Bytes.of(HexFormat.of().parseHex(expected.get("value").asText())));
        } else {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.toByteArray());
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(expected.get("valueSha256").asText());
        }
    }

    /** The database of a recorded directory, made whole: unpacked, and its cut zeros put back. */
    private @Nullable Path restored(Path directory, JsonNode manifest) throws IOException {
        for (JsonNode file : manifest.get("files")) {
            if (!file.get("path").asText().equals("member/snap/db")) continue;
            String stored = file.has("stored") ? file.get("stored").asText() : file.get("path").asText();
            Path source = directory.resolve("files").resolve(stored);
            Path target = java.util.Objects.requireNonNull(folder).resolve("db");
            try (InputStream raw = Files.newInputStream(source);
                    InputStream in = stored.endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
                Files.copy(in, target);
            }
            try (RandomAccessFile whole = new RandomAccessFile(target.toFile(), "rw")) {
                whole.setLength(file.get("length").asLong());
            }
            return target;
        }
        return null;
    }
}
