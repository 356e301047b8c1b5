package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The one compression that both sides of a call may use. */
final class Gzip {

    private Gzip() {}

    /**
     * Decompresses a message.
     *
     * @return the message; one byte more than {@code bytesMax} if it is longer than that
     * @throws IOException if it is not gzip
     */
    static Bytes expand(Bytes compressed, int bytesMax) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(
                new ByteArrayInputStream(compressed.array(), compressed.offset(), compressed.length()))) {
            return Bytes.of(in.readNBytes(bytesMax == Integer.MAX_VALUE ? bytesMax : bytesMax + 1));
        }
    }

    /** Compresses a message. */
    static Bytes compress(Bytes plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + plain.length() / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain.array(), plain.offset(), plain.length());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // an array does not fail
        }
        return Bytes.of(out.toByteArray());
    }
}
