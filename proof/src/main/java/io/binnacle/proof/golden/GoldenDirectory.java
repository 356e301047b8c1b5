package io.binnacle.proof.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A recorded data directory and what is known about it; the layout is in the README beside the recordings. Immutable.
 *
 * @param name its name
 * @param source the directory that holds {@code files} and {@code manifest.json}
 * @param manifest the expected facts
 */
public record GoldenDirectory(String name, Path source, JsonNode manifest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads one, from the folder of all. */
    public static GoldenDirectory read(Path all, String name) throws IOException {
        Path source = all.resolve(name);
        return new GoldenDirectory(name, source, JSON.readTree(Files.readAllBytes(source.resolve("manifest.json"))));
    }

    /** Those that one member alone can serve: one voter, and live keys are known. */
    public static List<GoldenDirectory> singleMembers(Path all) throws IOException {
        List<GoldenDirectory> found = new ArrayList<>();
        try (var names = Files.newDirectoryStream(all)) {
            for (Path path : names) {
                GoldenDirectory directory = read(all, String.valueOf(path.getFileName()));
                JsonNode facts = directory.manifest;
                if (facts.path("members").size() == 1 && facts.path("confState").path("voters").size() == 1 && facts.has("live")) {
                    found.add(directory);
                }
            }
        }
        found.sort(Comparator.comparing(GoldenDirectory::name));
        return found;
    }

    /** The member's name. */
    public String memberName() {
        return manifest.path("members").path(0).path("name").asText();
    }

    /** The member's first peer URL. */
    public String peerUrl() {
        return manifest.path("members").path(0).path("peerURLs").path(0).asText();
    }

    /** Writes the directory as it was; long files come out sparse. */
    public void restore(Path target) throws IOException {
        Files.createDirectories(target);
        for (JsonNode file : manifest.path("files")) {
            String path = file.path("path").asText();
            Path to = target.resolve(path);
            if (path.endsWith("/")) {
                Files.createDirectories(to);
                continue;
            }
            Path parent = to.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            String stored = file.path("stored").asText(path);
            try (InputStream in = open(source.resolve("files").resolve(stored))) {
                Files.copy(in, to);
            }
            try (RandomAccessFile whole = new RandomAccessFile(to.toFile(), "rw")) {
                whole.setLength(file.path("length").asLong());
            }
        }
        owned(target);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    }

    private static void owned(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String mode = Files.isDirectory(path) ? "rwx------" : "rw-------";
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            }
        }
    }
}
