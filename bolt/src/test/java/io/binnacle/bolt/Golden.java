package io.binnacle.bolt;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Recorded files of real etcd and bbolt in the shared folder, which need not be there. */
final class Golden {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /** The folder {@code golden/etcd}; the test is skipped where it is absent, and fails instead in CI. */
    static Path etcd() {
        Path folder = shared().resolve("golden").resolve("etcd");
        boolean present = Files.isDirectory(folder);
        if (!present && "true".equals(System.getenv("CI"))) fail("golden data is absent: " + folder);
        assumeTrue(present, "skipped: no golden data at " + folder);
        return folder;
    }

    private static Path shared() {
        String given = System.getProperty("shared.dir", System.getenv("BINNACLE_SHARED"));
        if (given != null) return Path.of(given).toAbsolutePath();
        @Nullable Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.exists(at.resolve(".git")) && !Files.exists(at.resolve(".ci"))) at = at.getParent();
        return (at == null ? Path.of("").toAbsolutePath() : at).resolveSibling("shared");
    }

    /** A file, unpacked if only {@code name.gz} exists. */
    static byte[] bytes(Path file) throws IOException {
        Path packed = file.resolveSibling(file.getFileName() + ".gz");
        try (InputStream in = Files.exists(file) ? Files.newInputStream(file) : new GZIPInputStream(Files.newInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    static JsonNode json(Path file) throws IOException {
        return JSON.readTree(bytes(file));
    }

    static String sha256(byte[] bytes, int length) {
        MessageDigest digest = newDigest();
        digest.update(bytes, 0, length);
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
