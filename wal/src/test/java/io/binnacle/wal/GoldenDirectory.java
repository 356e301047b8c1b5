package io.binnacle.wal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/** Restores real etcd's data directories, whole or damaged as a recipe says, onto any disk. */
public final class GoldenDirectory {

    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenDirectory() {}

    /** The folder of golden etcd data; the test is skipped where it is absent, and fails where it must not be. */
    public static Path root() {
        Path shared = shared();
        Path golden = shared.resolve("golden/etcd");
        if (!Files.isDirectory(golden)) {
            if ("true".equals(System.getenv("CI"))) throw new IllegalStateException("golden data is absent: " + golden);
            Assumptions.abort("skipped: no golden data in " + golden);
        }
        return golden;
    }

    private static Path shared() {
        String named = System.getProperty("shared.dir", System.getenv("BINNACLE_SHARED"));
        if (named != null) return Path.of(named);
        Path at = Path.of("").toAbsolutePath();
        for (Path up = at; up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(".git")) || Files.exists(up.resolve(".ci"))) return up.resolve("../shared").normalize();
        }
        return at.resolve("../shared");
    }

    /** Names of all data directories. */
    public static List<String> names() throws IOException {
        try (Stream<Path> directories = Files.list(root().resolve("data"))) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** A JSON file of a data directory, packed or not. */
    public static JsonNode json(String name, String file) throws IOException {
        return JSON.readTree(bytes(root().resolve("data").resolve(name).resolve(file)));
    }

    /** Whether a data directory has such a JSON file. */
    public static boolean has(String name, String file) {
        Path path = root().resolve("data").resolve(name).resolve(file);
        return Files.exists(path) || Files.exists(Path.of(path + ".gz"));
    }

    /** Parses a JSON text. */
    public static JsonNode parse(String text) throws IOException {
        return JSON.readTree(text);
    }

    /** Damage recipes of {@code damage/server.json}. */
    public static JsonNode damages() throws IOException {
        return JSON.readTree(bytes(root().resolve("damage/server.json")));
    }

    private static byte[] bytes(Path path) throws IOException {
        if (Files.exists(path) && !path.toString().endsWith(".gz")) return Files.readAllBytes(path);
        Path packed = path.toString().endsWith(".gz") ? path : Path.of(path + ".gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    /** Restores the files whose path begins with {@code prefix} ("" for all) below {@code target}; lengths included. */
    public static void restore(String name, Disk disk, Path target, String prefix) throws IOException {
        disk.createDirectories(target);
        for (JsonNode file : json(name, "manifest.json").get("files")) {
            String path = file.get("path").asText();
            if (!path.startsWith(prefix)) continue;
            if (path.endsWith("/")) {
                disk.createDirectories(target.resolve(path));
                continue;
            }
            Path to = target.resolve(path);
            disk.createDirectories(Objects.requireNonNull(to.getParent()));
            String stored = file.path("stored").asText(path);
            byte[] content = bytes(root().resolve("data").resolve(name).resolve("files").resolve(stored));
            try (DiskFile out = disk.open(to, Disk.Open.CREATE_OR_TRUNCATE)) {
                out.write(0, ByteBuffer.wrap(content));
                out.truncate(file.get("length").asLong());
            }
            disk.chmod(to, Integer.parseInt(file.get("mode").asText(), 8));
        }
    }

    /** Applies a damage recipe's edits. */
    public static void damage(JsonNode edits, Disk disk, Path target) throws IOException {
        for (JsonNode edit : edits) {
            Path path = target.resolve(edit.get("file").asText());
            String op = edit.get("op").asText();
            if (op.equals("delete")) {
                disk.delete(path);
                continue;
            }
            try (DiskFile file = disk.open(path, op.equals("create") ? Disk.Open.CREATE_OR_TRUNCATE : Disk.Open.WRITE)) {
                long offset = edit.path("offset").asLong();
                switch (op) {
                    case "truncate" -> file.truncate(edit.get("length").asLong());
                    case "zero" -> file.write(offset, ByteBuffer.allocate(edit.get("length").asInt()));
                    case "write" -> file.write(offset, ByteBuffer.wrap(HexFormat.of().parseHex(edit.get("bytes").asText())));
                    case "xor" -> {
                        ByteBuffer one = ByteBuffer.allocate(1);
                        file.read(offset, one);
                        one.put(0, (byte) (one.get(0) ^ edit.get("mask").asInt()));
                        file.write(offset, one.flip());
                    }
                    case "create" -> create(edit, disk, target, file);
                    default -> throw new IllegalArgumentException(op);
                }
            }
        }
    }

    private static void create(JsonNode edit, Disk disk, Path target, DiskFile file) throws IOException {
        if (edit.hasNonNull("copyOf")) {
            try (DiskFile source = disk.open(target.resolve(edit.get("copyOf").asText()), Disk.Open.READ)) {
                ByteBuffer content = ByteBuffer.allocate((int) source.size());
                source.read(0, content);
                file.write(0, content.flip());
            }
        } else if (edit.hasNonNull("bytes")) {
            file.write(0, ByteBuffer.wrap(HexFormat.of().parseHex(edit.get("bytes").asText())));
        }
    }

    /** The members of a JSON array. */
    public static List<JsonNode> list(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>();
        array.forEach(nodes::add);
        return nodes;
    }
}
