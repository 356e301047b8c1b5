package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A change to a key as watchers see it: mvccpb.Event over encoded pairs.
 *
 * @param delete whether the key was deleted; otherwise it was put
 * @param keyValue the encoded {@link KeyValue}; of a deletion, the key and its modification revision
 * @param previous the encoded pair as it was before, null if there was none or none was asked for
 */
public record Event(boolean delete, Bytes keyValue, @Nullable Bytes previous) {

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeUnlessFalse(1, delete) + Wire.sizeOfBytesField(2, keyValue.length())
                + (previous == null ? 0 : Wire.sizeOfBytesField(3, previous.length()));
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter to) {
        to.unlessFalse(1, delete);
        to.bytesField(2, keyValue);
        if (previous != null) to.bytesField(3, previous);
    }

    /** The event as a field of {@link WatchResponse}, tag and length before it: made once, written to every watcher. */
    public Bytes encodedField() {
        int length = encodedLength();
        ProtoWriter writer = new ProtoWriter(Wire.sizeOfBytesField(WatchResponse.EVENTS_FIELD, length));
        writer.message(WatchResponse.EVENTS_FIELD, length);
        encode(writer);
        return writer.take();
    }
}
