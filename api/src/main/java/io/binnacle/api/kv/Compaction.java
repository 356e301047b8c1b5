package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * etcd's CompactionRequest.
 *
 * @param revision the revision to compact at
 * @param physical whether to answer only once the space is freed
 */
public record Compaction(long revision, boolean physical) {

    private static final int REVISION = 1 << 3 | Wire.VARINT;
    private static final int PHYSICAL = 2 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Compaction decode(Bytes message) {
        long revision = 0;
        boolean physical = false;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case REVISION -> revision = reader.varint();
                case PHYSICAL -> physical = reader.bool();
                default -> reader.skip(tag);
            }
        }
        return new Compaction(revision, physical);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeUnlessZero(1, revision)
                + Wire.sizeUnlessFalse(2, physical);
    }

    /** Writes the fields in ascending order, zero values left out. */
    public void encode(ProtoWriter to) {
        to.unlessZero(1, revision);
        to.unlessFalse(2, physical);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
