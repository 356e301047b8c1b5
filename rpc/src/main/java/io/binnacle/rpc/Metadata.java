package io.binnacle.rpc;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header fields of a call or of an HTTP message: an immutable list of names and values in order of arrival.
 *
 * <p>Received names of HTTP/2 are lower case already; look-ups ignore ASCII case. A value holds one char per byte of
 * the wire (ISO 8859-1), so nothing is lost: {@link #raw} gives the bytes, for instance to see whether they are UTF-8.
 * Names that end in {@code -bin} carry base64 on the wire and here; {@link #binary} decodes. Pseudo-headers and the
 * fields of the gRPC protocol itself are not contained.
 */
public final class Metadata {

    /** No field. */
    public static final Metadata EMPTY = new Metadata(new String[0]);

    private final String[] pairs; // name, value, name, value …

    private Metadata(String[] pairs) {
        this.pairs = pairs;
    }

    /** From names and values in turn. */
    public static Metadata of(String... namesAndValues) {
        Check.that(namesAndValues.length % 2 == 0, "a name without a value");
        return namesAndValues.length == 0 ? EMPTY : new Metadata(namesAndValues.clone());
    }

    /** Starts a list. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of fields. */
    public int size() {
        return pairs.length / 2;
    }

    /** The name of the field at an index. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** The value of the field at an index. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The first value of a name; null if there is none. */
    public @Nullable String get(String name) {
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at].equalsIgnoreCase(name)) return pairs[at + 1];
        }
        return null;
    }

    /** All values of a name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at].equalsIgnoreCase(name)) values.add(pairs[at + 1]);
        }
        return values;
    }

    /** The bytes of the first value of a name, as on the wire; null if there is none. */
    public @Nullable Bytes raw(String name) {
        String value = get(name);
        return value == null ? null : Bytes.of(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The decoded first value of a {@code -bin} name; null if there is none or it is not base64. */
    public @Nullable Bytes binary(String name) {
        String value = get(name);
        if (value == null) return null;
        try {
            return Bytes.of(Base64.getDecoder().decode(value));
        } catch (IllegalArgumentException notBase64) {
            return null; // as documented
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int at = 0; at < pairs.length; at += 2) {
            if (at > 0) text.append(", ");
            text.append(pairs[at]).append('=').append(pairs[at + 1]);
        }
        return text.append('}').toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metadata that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    /** Collects fields; owned by one thread. */
    public static final class Builder {
        private String[] pairs = new String[8];
        private int used;

        private Builder() {}

        /** Adds a field; a name may come more than once. */
        public Builder add(String name, String value) {
            if (used == pairs.length) pairs = Arrays.copyOf(pairs, 2 * used);
            pairs[used++] = name;
            pairs[used++] = value;
            return this;
        }

        /** Adds a field whose name ends in {@code -bin}, encoding the value. */
        public Builder addBinary(String name, Bytes value) {
            Check.that(name.endsWith("-bin"), "binary metadata needs a name that ends in -bin");
            return add(name, Base64.getEncoder().withoutPadding().encodeToString(value.toByteArray()));
        }

        /** The list so far. */
        public Metadata build() {
            return used == 0 ? EMPTY : new Metadata(Arrays.copyOf(pairs, used));
        }
    }
}
