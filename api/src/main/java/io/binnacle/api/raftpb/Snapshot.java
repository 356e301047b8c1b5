package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as raft and {@code .snap} files hold it: raftpb.Snapshot. The database itself travels and lies beside it.
 *
 * @param data the membership document that 3.6 reads; null if there is none
 * @param metadata where in the log it stands; always written
 */
public record Snapshot(@Nullable Bytes data, SnapshotMetadata metadata) {

    private static final int DATA = 1 << 3 | Wire.BYTES;
    private static final int METADATA = 2 << 3 | Wire.BYTES;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Snapshot decode(Bytes message) {
        @Nullable Bytes data = null;
        Bytes metadata = Bytes.EMPTY;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case DATA -> data = reader.bytes();
                case METADATA -> metadata = ProtoReader.merged(metadata, reader.bytes());
                default -> reader.skip(tag);
            }
        }
        return new Snapshot(data, SnapshotMetadata.decode(metadata));
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return (data == null ? 0 : Wire.sizeOfBytesField(1, data.length()))
                + Wire.sizeOfBytesField(2, metadata.encodedLength());
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        if (data != null) to.bytesField(1, data);
        to.message(2, metadata.encodedLength());
        metadata.encode(to);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
