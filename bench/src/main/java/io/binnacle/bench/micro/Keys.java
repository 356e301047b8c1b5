package io.binnacle.bench.micro;

import io.binnacle.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The keys of a store: 20 bytes, ascending with their number. */
final class Keys {

    private Keys() {}

    static Bytes of(int number) {
        return Bytes.of(String.format(Locale.ROOT, "registry/%011d", number).getBytes(StandardCharsets.US_ASCII));
    }

    static Bytes[] first(int count) {
        Bytes[] keys = new Bytes[count];
        for (int at = 0; at < count; at++) keys[at] = of(at);
        return keys;
    }

    /** A value that is the same in every run. */
    static Bytes value(int bytes) {
        byte[] value = new byte[bytes];
        new java.util.Random(bytes).nextBytes(value);
        return Bytes.of(value);
    }
}
