package io.binnacle.rpc.netty;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of recorded data beside the repository. */
final class SharedFolder {

    private SharedFolder() {}

    /** A file in it; skips the test where the folder is absent, except in continuous integration. */
    static Path file(String path) {
        Path folder = folder();
        boolean there = Files.exists(folder.resolve(path));
        if (!there && "true".equals(System.getenv("CI"))) throw new AssertionError("shared folder is absent: " + folder);
        Assumptions.assumeTrue(there, "shared folder is absent: " + path + " not checked");
        return folder.resolve(path);
    }

    private static Path folder() {
        String property = System.getProperty("shared.dir");
        if (property != null) return Path.of(property);
        String environment = System.getenv("BINNACLE_SHARED");
        if (environment != null) return Path.of(environment);
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git")) || Files.exists(at.resolve(".ci"))) return at.resolve("../shared").normalize();
        }
        return Path.of("../shared");
    }
}
