package io.binnacle.mvcc;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder of conformance tables and recorded data beside the repository. */
final class SharedFolder {

    private SharedFolder() {}

    /** A file of the folder. Where the folder is absent the test is skipped with a line, or fails in CI. */
    static Path file(String name) {
        Path file = folder().resolve(name);
        if (!Files.exists(file)) absent(file + " is absent");
        return file;
    }

    /** Ends the test: skipped with this line, or failed in CI. */
    static void absent(String line) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError(line);
        System.out.println("skipped: " + line);
        abort(line);
    }

    /** The repository's root: the nearest directory upward that holds {@code .git} or {@code .ci}. */
    static Path repository() {
        try {
            @Nullable Path at = Path.of("").toRealPath();
            while (at != null && !Files.exists(at.resolve(".git")) && !Files.exists(at.resolve(".ci"))) at = at.getParent();
            if (at == null) throw new AssertionError("the tests run outside of the repository");
            return at;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path folder() {
        String property = System.getProperty("shared.dir", "");
        if (!property.isEmpty()) return Path.of(property);
        String environment = System.getenv("BINNACLE_SHARED");
        if (environment != null) return Path.of(environment);
        return repository().resolveSibling("shared");
    }
}
