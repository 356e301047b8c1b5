package io.binnacle.proof.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where things lie: the repository this process runs in, and the folder of recorded data beside it. Any thread. */
public final class Repository {
    private Repository() {}

    /**
     * The directory that holds {@code .git} or {@code .ci}, found by walking up from the working directory.
     *
     * @throws IllegalStateException if there is none above the working directory
     */
    public static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git")) || Files.isDirectory(at.resolve(".ci"))) {
                return at;
            }
        }
        throw new IllegalStateException("no .git and no .ci above " + start);
    }

    /** The folder of specifications and recorded data: {@code -Dshared.dir}, {@code BINNACLE_SHARED}, or {@code ../shared}. */
    public static Optional<Path> shared() {
        String named = System.getProperty("shared.dir", System.getenv().getOrDefault("BINNACLE_SHARED", ""));
        Path dir = named.isEmpty() ? root().resolveSibling("shared") : Path.of(named);
        return Files.isDirectory(dir) ? Optional.of(dir) : Optional.empty();
    }

    /** Whether this run must fail, not skip, where something it needs is absent ({@code CI=true}). */
    public static boolean mustNotSkip() {
        return "true".equals(System.getenv("CI"));
    }
}
