package io.binnacle.server;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The folder of conformance tables and recorded data beside the repository. */
public final class SharedFolder {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SharedFolder() {}

    /** A file of the folder. Where the folder is absent the test is skipped with a line, or fails in CI. */
    public static Path file(String name) {
        Path file = folder().resolve(name);
        if (!Files.exists(file)) absent(file + " is absent");
        return file;
    }

    private static void absent(String line) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError(line);
        System.out.println("skipped: " + line);
        abort(line);
    }

    private static Path folder() {
        String property = System.getProperty("shared.dir", "");
        if (!property.isEmpty()) return Path.of(property);
        String environment = System.getenv("BINNACLE_SHARED");
        if (environment != null) return Path.of(environment);
        try {
            @Nullable Path at = Path.of("").toRealPath();
            while (at != null && !Files.exists(at.resolve(".git")) && !Files.exists(at.resolve(".ci"))) at = at.getParent();
            if (at == null) throw new AssertionError("the tests run outside of the repository");
            return at.resolveSibling("shared");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A JSON document of the folder. */
    public static JsonNode json(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    /** A file of one JSON object a line. */
    public static List<JsonNode> jsonLines(String name) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file(name))) rows.add(JSON.readTree(line));
        return rows;
    }

    /** The rows of a tab-separated table without its head. */
    public static List<String[]> table(String name) throws IOException {
        List<String[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(file(name));
        for (String line : lines.subList(1, lines.size())) rows.add(line.split("\t", -1));
        return rows;
    }

    /** The recorded data directories that have a manifest. */
    public static List<Path> dataDirectories() throws IOException {
        try (var all = Files.list(file("golden/etcd/data"))) {
            return all.filter(directory -> Files.exists(directory.resolve("manifest.json"))).sorted().toList();
        }
    }

    /** Restores the files of a recorded data directory below a path; only those whose path begins so. */
    public static void restore(Path recorded, String prefix, Path target) throws IOException {
        for (JsonNode file : json(recorded.resolve("manifest.json")).get("files")) {
            String path = file.get("path").asText();
            if (!path.startsWith(prefix) || path.endsWith("/")) continue;
            String stored = file.path("stored").asText(path);
            Path copy = target.resolve(path);
            Files.createDirectories(copy.resolveSibling("."));
            Path source = recorded.resolve("files").resolve(stored);
            if (!Files.exists(source)) source = recorded.resolve("files").resolve(stored + ".gz");
            try (InputStream raw = Files.newInputStream(source);
                    InputStream in = source.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
                Files.copy(in, copy);
            }
            try (RandomAccessFile whole = new RandomAccessFile(copy.toFile(), "rw")) {
                whole.setLength(file.get("length").asLong());
            }
        }
    }
}
