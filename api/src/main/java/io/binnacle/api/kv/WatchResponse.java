package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * Everything of etcd's WatchResponse but the events, which come last and are appended as {@link Event#encodedField}.
 *
 * @param header the header
 * @param watchId the watcher's id
 * @param created whether this confirms a watcher
 * @param canceled whether the watcher is gone
 * @param compactRevision the compaction revision if the watcher asked for what is compacted, else 0
 * @param cancelReason why the watcher is gone
 * @param fragment whether more events of the same revision follow
 */
public record WatchResponse(ResponseHeader header, long watchId, boolean created, boolean canceled,
        long compactRevision, String cancelReason, boolean fragment) {

    /** The number of the repeated field that holds the events. */
    public static final int EVENTS_FIELD = 11;

    /** An answer that carries events. */
    public static WatchResponse events(ResponseHeader header, long watchId, boolean fragment) {
        return new WatchResponse(header, watchId, false, false, 0, "", fragment);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeOfBytesField(1, header.encodedLength()) + Wire.sizeUnlessZero(2, watchId)
                + Wire.sizeUnlessFalse(3, created) + Wire.sizeUnlessFalse(4, canceled)
                + Wire.sizeUnlessZero(5, compactRevision)
                + Wire.sizeUnlessEmpty(6, cancelReason.isEmpty() ? 0 : cancelReason.getBytes(StandardCharsets.UTF_8).length)
                + Wire.sizeUnlessFalse(7, fragment);
    }

    /** Writes the fields before the events; events may follow with {@link ProtoWriter#raw}. */
    public void encode(ProtoWriter to) {
        to.message(1, header.encodedLength());
        header.encode(to);
        to.unlessZero(2, watchId);
        to.unlessFalse(3, created);
        to.unlessFalse(4, canceled);
        to.unlessZero(5, compactRevision);
        to.unlessEmpty(6, cancelReason);
        to.unlessFalse(7, fragment);
    }

    /** The message with these events, each an {@link Event#encodedField}. */
    public Bytes encoded(Iterable<Bytes> eventFields) {
        int length = encodedLength();
        for (Bytes event : eventFields) length += event.length();
        ProtoWriter writer = new ProtoWriter(length);
        encode(writer);
        for (Bytes event : eventFields) writer.raw(event);
        return writer.take();
    }
}
