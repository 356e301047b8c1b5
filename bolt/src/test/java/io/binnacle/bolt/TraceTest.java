package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer against traces of bbolt itself: after every transaction the files are equal, byte for byte. */
final class TraceTest {

    private static final Path DB = Path.of("/trace/db");
    private static final Bytes KEY = Bytes.utf8("key");

    @ParameterizedTest
    @ValueSource(strings = {"append", "fill", "readers", "small-pages", "random"})
    void everyTransactionLeavesTheBytesThatBboltLeft(String name) throws IOException {
        int steps = replay(name);
        System.out.println("trace " + name + ": " + steps + " steps equal");
    }

    @Test
    void theTracesHave1027StepsTogether() throws IOException {
        int steps = 0;
        for (String name : List.of("append", "fill", "readers", "small-pages", "random")) {
            steps += Golden.json(Golden.etcd().resolve("bolt").resolve(name + ".json")).size();
        }
        assertThat(steps).isEqualTo(1027);
    }

    private static int replay(String name) throws IOException {
        Path folder = Golden.etcd().resolve("bolt");
        BoltOptions options = BoltOptions.defaults()
                .withPageSize(name.equals("small-pages") ? 1024 : 4096)
                .withFreelistSync(name.equals("small-pages") || name.equals("random"))
                .withInitialMapBytes(name.equals("readers") ? 8 << 20 : 0);
        MemoryDisk disk = new MemoryDisk();
        BoltFile file = BoltFile.open(disk, DB, options);
        Map<Integer, BoltSnapshot> readers = new HashMap<>();
        int steps = 0;
        for (JsonNode step : Golden.json(folder.resolve(name + ".json"))) {
            run(step.get("ops"), file, readers);
            String where = name + " step " + steps;
            MemoryDisk.Content content = Objects.requireNonNull(disk.files.get(DB));
            Meta meta = newest(file);
            assertThat(meta.txid()).as(where + " txid").isEqualTo(step.get("txid").asLong());
            assertThat(meta.root()).as(where + " root").isEqualTo(step.get("root").asLong());
            assertThat(Long.toUnsignedString(meta.freelist())).as(where + " freelist").isEqualTo(step.get("freelist").asText());
            assertThat(meta.hwm()).as(where + " hwm").isEqualTo(step.get("hwm").asLong());
            assertThat(content.length).as(where + " file size").isEqualTo(step.get("fileSize").asLong());
            assertThat(Golden.sha256(content.bytes, (int) meta.hwm() * options.pageSize())).as(where + " bytes")
                    .isEqualTo(step.get("sha256OfFirstHwmPages").asText());
            assertThat(file.checkFreelist()).as(where).isEmpty();
            steps++;
        }
        byte[] last = Golden.bytes(folder.resolve(name + ".db"));
        int used = (int) newest(file).hwm() * options.pageSize();
        assertThat(Golden.sha256(disk.bytes(DB), used)).isEqualTo(Golden.sha256(last, used));
        return steps;
    }

    private static Meta newest(BoltFile file) {
        try (BoltSnapshot snapshot = file.snapshot()) {
            return snapshot.meta();
        }
    }

    private static void run(JsonNode ops, BoltFile file, Map<Integer, BoltSnapshot> readers) {
        BoltWriter writer = null;
        for (JsonNode op : ops) {
            String what = op.get(0).asText();
            if (writer != null && what.endsWith("reader")) {
                writer.commit();
                writer = null;
            }
            switch (what) {
                case "open" -> { }
                case "begin" -> {
                    writer = file.begin();
                    writer.createBucket(KEY);
                    writer.fillPercent(KEY, op.get(1).asDouble());
                }
                case "put" -> open(writer).put(KEY, hex(op.get(1).asText()), value(op.get(2).asInt(), op.get(3).asInt()));
                case "delete" -> open(writer).delete(KEY, hex(op.get(1).asText()));
                case "open reader" -> readers.put(op.get(1).asInt(), file.snapshot());
                case "close reader" -> {
                    BoltSnapshot reader = readers.remove(op.get(1).asInt());
                    if (reader != null) reader.close();
                }
                default -> throw new IllegalStateException(what);
            }
        }
        if (writer != null) writer.commit();
    }

    private static BoltWriter open(@Nullable BoltWriter writer) {
        if (writer == null) throw new IllegalStateException("no transaction");
        return writer;
    }

    private static Bytes hex(String text) {
        return Bytes.of(HexFormat.of().parseHex(text));
    }

    private static Bytes value(int length, int start) {
        byte[] value = new byte[length];
        for (int at = 0; at < length; at++) value[at] = (byte) (start + 7 * at);
        return Bytes.of(value);
    }
}
