package io.binnacle.raft.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds the folder of recorded behaviour beside the repository. */
public final class SharedFiles {

    private SharedFiles() {}

    /** The scripts of a folder in the order of their names; skips the test where the recordings are absent. */
    public static List<Path> scripts(String folder) throws IOException {
        Path directory = root().resolve("golden/raft").resolve(folder);
        if (!Files.isDirectory(directory)) {
            String line = "recorded scripts are absent: " + directory;
            if ("true".equals(System.getenv("CI"))) throw new IllegalStateException(line);
            Assumptions.abort(line);
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
    }

    private static Path root() {
        String named = System.getProperty("shared.dir", System.getenv("BINNACLE_SHARED"));
        if (named != null) return Path.of(named);
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.exists(at.resolve(".git")) && !Files.exists(at.resolve(".ci"))) at = at.getParent();
        return at == null ? Path.of("shared") : at.resolveSibling("shared");
    }
}
