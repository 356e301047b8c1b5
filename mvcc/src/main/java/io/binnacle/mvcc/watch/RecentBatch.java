package io.binnacle.mvcc.watch;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.Event;
import io.binnacle.mvcc.EventBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One revision's events on their way through a shard: which groups match them, and the payloads made for those so far.
 * For the shard's loop.
 */
final class RecentBatch {

    private static final Matched NONE = new Matched(new int[0]);

    final long revision;
    final long bytes;
    private final WatchEvent[] events;
    private final Bytes header;
    private final WatchSource source;
    /** Events of each group; a batch of one event needs no table: all groups that match have the same. */
    private final Map<WatchGroup, Matched> matched = new HashMap<>(2);
    private final Matched one;

    private static final class Matched {
        private int[] places;
        private int count;
        private final @Nullable Payload[] payloads = new Payload[Flavor.COUNT];
        /** A bit for each flavor whose payload, perhaps none, is known. */
        private int known;

        Matched(int[] places) {
            this.places = places;
            this.count = places.length;
        }

        void add(int place) {
            if (count == places.length) places = Arrays.copyOf(places, Math.max(4, 2 * count));
            places[count++] = place;
        }
    }

    /**
     * A batch of at least one event.
     *
     * @param header the encoded header of its responses
     * @param bytes the length of its records
     */
    RecentBatch(EventBatch batch, Bytes header, long bytes, WatchSource source) {
        this.revision = batch.revision();
        this.header = header;
        this.bytes = bytes;
        this.source = source;
        List<Event> from = batch.events();
        this.events = new WatchEvent[from.size()];
        for (int at = 0; at < events.length; at++) {
            Event event = from.get(at);
            events[at] = new WatchEvent(revision, event.put(), event.key(), event.keyValue(), event.create());
        }
        this.one = new Matched(new int[] {0});
    }

    /** Finds the groups that match, each once. */
    void match(RangeIndex<WatchGroup> index, Consumer<WatchGroup> to) {
        if (events.length == 1) {
            index.visit(events[0].key, to);
            return;
        }
        List<WatchGroup> touched = new ArrayList<>();
        for (int at = 0; at < events.length; at++) {
            int place = at;
            index.visit(events[at].key, group -> {
                Matched of = matched.get(group);
                if (of == null) {
                    of = new Matched(new int[0]);
                    matched.put(group, of);
                    touched.add(group);
                }
                of.add(place);
            });
        }
        touched.forEach(to);
    }

    /** What a group's watchers of a flavor hear of this revision; null if nothing. */
    @Nullable Payload payload(WatchGroup group, int flavor) {
        Matched of = matchedBy(group);
        int bit = 1 << flavor;
        if ((of.known & bit) == 0 && of.count > 0) {
            of.payloads[flavor] = make(of, flavor);
            of.known |= bit;
        }
        return of.payloads[flavor];
    }

    private Matched matchedBy(WatchGroup group) {
        if (events.length == 1) return group.range.contains(events[0].key) ? one : NONE;
        Matched of = matched.get(group);
        if (of == null) { // the group is younger than the batch
            of = new Matched(new int[0]);
            for (int at = 0; at < events.length; at++) if (group.range.contains(events[at].key)) of.add(at);
            matched.put(group, of);
        }
        return of;
    }

    private @Nullable Payload make(Matched of, int flavor) {
        List<Bytes> fields = new ArrayList<>(of.count);
        try (PreviousPairs pairs = new PreviousPairs(source)) {
            for (int at = 0; at < of.count; at++) {
                WatchEvent event = events[of.places[at]];
                if (event.passes(flavor)) fields.add(event.field(flavor, pairs));
            }
        }
        return fields.isEmpty() ? null : new Payload(revision, header, fields);
    }
}
