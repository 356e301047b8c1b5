package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * A key-value pair as stored and answered: mvccpb.KeyValue. The static readers take one field from an encoded pair
 * without decoding the others; a tombstone's record holds the key alone.
 *
 * @param key the key
 * @param createRevision the revision that made the key
 * @param modRevision the revision that wrote this value
 * @param version 1 for the first write since the key was made
 * @param value the value
 * @param lease the lease the key is attached to, 0 for none
 */
public record KeyValue(Bytes key, long createRevision, long modRevision, long version, Bytes value, long lease) {

    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int CREATE_REVISION = 2 << 3 | Wire.VARINT;
    private static final int MOD_REVISION = 3 << 3 | Wire.VARINT;
    private static final int VERSION = 4 << 3 | Wire.VARINT;
    private static final int VALUE = 5 << 3 | Wire.BYTES;
    private static final int LEASE = 6 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static KeyValue decode(Bytes message) {
        Bytes key = Bytes.EMPTY;
        long createRevision = 0;
        long modRevision = 0;
        long version = 0;
        Bytes value = Bytes.EMPTY;
        long lease = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case KEY -> key = reader.bytes();
                case CREATE_REVISION -> createRevision = reader.varint();
                case MOD_REVISION -> modRevision = reader.varint();
                case VERSION -> version = reader.varint();
                case VALUE -> value = reader.bytes();
                case LEASE -> lease = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new KeyValue(key, createRevision, modRevision, version, value, lease);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeUnlessEmpty(1, key.length())
                + Wire.sizeUnlessZero(2, createRevision)
                + Wire.sizeUnlessZero(3, modRevision)
                + Wire.sizeUnlessZero(4, version)
                + Wire.sizeUnlessEmpty(5, value.length())
                + Wire.sizeUnlessZero(6, lease);
    }

    /** Writes the fields in ascending order, zero values left out. */
    public void encode(ProtoWriter to) {
        to.unlessEmpty(1, key);
        to.unlessZero(2, createRevision);
        to.unlessZero(3, modRevision);
        to.unlessZero(4, version);
        to.unlessEmpty(5, value);
        to.unlessZero(6, lease);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }

    /** The key of an encoded pair. */
    public static Bytes key(Bytes encoded) {
        return bytesOf(encoded, KEY);
    }

    /** The value of an encoded pair. */
    public static Bytes value(Bytes encoded) {
        return bytesOf(encoded, VALUE);
    }

    /** The creation revision of an encoded pair. */
    public static long createRevision(Bytes encoded) {
        return numberOf(encoded, CREATE_REVISION);
    }

    /** The modification revision of an encoded pair. */
    public static long modRevision(Bytes encoded) {
        return numberOf(encoded, MOD_REVISION);
    }

    /** The version of an encoded pair. */
    public static long version(Bytes encoded) {
        return numberOf(encoded, VERSION);
    }

    /** The lease of an encoded pair, 0 for none. */
    public static long lease(Bytes encoded) {
        return numberOf(encoded, LEASE);
    }

    private static long numberOf(Bytes encoded, int wanted) {
        long found = 0; // the last one wins, so the whole message is passed over; fields are six at most
        ProtoReader reader = new ProtoReader(encoded);
        for (int tag; (tag = reader.next()) != 0;) {
            if (tag == wanted) found = reader.varint();
            else reader.skip(tag);
        }
        return found;
    }

    private static Bytes bytesOf(Bytes encoded, int wanted) {
        Bytes found = Bytes.EMPTY;
        ProtoReader reader = new ProtoReader(encoded);
        for (int tag; (tag = reader.next()) != 0;) {
            if (tag == wanted) found = reader.bytes();
            else reader.skip(tag);
        }
        return found;
    }
}
