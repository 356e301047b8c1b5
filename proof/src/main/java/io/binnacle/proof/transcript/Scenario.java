package io.binnacle.proof.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One recorded scenario; the format is in the README beside the recordings.
 *
 * @param name its name
 * @param flags flags of the server; {@code {dir}} in one stands for the directory of {@code files}
 * @param files texts that the server reads, by file name
 * @param steps the steps in order; step n of a report is element n - 1
 */
public record Scenario(String name, List<String> flags, Map<String, String> files, List<JsonNode> steps) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the collections. */
    public Scenario {
        flags = List.copyOf(flags);
        files = Map.copyOf(files);
        steps = List.copyOf(steps);
    }

    /** Reads one file. */
    public static Scenario read(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        JsonNode head = lines.getFirst();
        List<String> flags = new ArrayList<>();
        head.path("flags").forEach(flag -> flags.add(flag.asText()));
        Map<String, String> files = new TreeMap<>();
        head.path("files").properties().forEach(f -> files.put(f.getKey(), f.getValue().asText()));
        return new Scenario(head.path("scenario").asText(), flags, files, lines.subList(1, lines.size()));
    }

    /** All scenarios of a directory by name. */
    public static List<Scenario> readAll(Path directory) throws IOException {
        List<Scenario> all = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, "*.jsonl")) {
            for (Path file : files) {
                all.add(read(file));
            }
        }
        all.sort(Comparator.comparing(Scenario::name));
        return all;
    }
}
