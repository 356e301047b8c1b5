package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.WatchResponse;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one response, encoded, for all watchers that shall hear just them: only the watch id differs, and where
 * that is the same too (most streams have one watcher, whose id is 0) the whole message is shared. For one thread at a
 * time.
 */
final class Payload {

    private static final int HEADER_FIELD = 1;
    private static final int WATCH_ID_FIELD = 2;
    private static final int FRAGMENT_FIELD = 7;
    private static final int FRAGMENT_BYTES = Wire.sizeUnlessFalse(FRAGMENT_FIELD, true);

    /** The first revision that a watcher misses which does not get this. */
    final long firstRevision;
    private final Bytes header;
    private final List<Bytes> events;
    private final int eventBytes;
    private Bytes message = Bytes.EMPTY;
    private long messageId;

    /**
     * A response's content.
     *
     * @param header the encoded header
     * @param events one or more encoded fields; belongs to the payload from now on
     */
    Payload(long firstRevision, Bytes header, List<Bytes> events) {
        this.firstRevision = firstRevision;
        this.header = header;
        this.events = events;
        int bytes = 0;
        for (int at = 0; at < events.size(); at++) bytes = Math.addExact(bytes, events.get(at).length());
        this.eventBytes = bytes;
    }

    /** The response for a watcher, unfragmented. */
    Bytes message(long watchId) {
        if (message.isEmpty() || messageId != watchId) {
            message = piece(watchId, 0, events.size(), eventBytes, false);
            messageId = watchId;
        }
        return message;
    }

    /**
     * The response for a watcher in pieces shorter than a limit, as far as single events are. All but the last say
     * that more follows (api.md 6.7).
     */
    List<Bytes> pieces(long watchId, int limitBytes) {
        Bytes whole = message(watchId);
        if (whole.length() < limitBytes || events.size() < 2) return List.of(whole);
        List<Bytes> pieces = new ArrayList<>();
        int overhead = overhead(watchId) + FRAGMENT_BYTES;
        int from = 0;
        while (from < events.size()) {
            int to = from + 1;
            int bytes = events.get(from).length();
            while (to < events.size() && overhead + bytes + events.get(to).length() < limitBytes) {
                bytes += events.get(to++).length();
            }
            pieces.add(piece(watchId, from, to, bytes, to < events.size()));
            from = to;
        }
        return pieces;
    }

    private int overhead(long watchId) {
        return Wire.sizeOfBytesField(HEADER_FIELD, header.length()) + Wire.sizeUnlessZero(WATCH_ID_FIELD, watchId);
    }

    /** As {@link WatchResponse#encoded} writes it, without making a header again for each watcher. */
    private Bytes piece(long watchId, int from, int to, int bytes, boolean fragment) {
        ProtoWriter out = new ProtoWriter(overhead(watchId) + FRAGMENT_BYTES + bytes);
        out.bytesField(HEADER_FIELD, header);
        out.unlessZero(WATCH_ID_FIELD, watchId);
        out.unlessFalse(FRAGMENT_FIELD, fragment);
        for (int at = from; at < to; at++) out.raw(events.get(at));
        return out.take();
    }
}
