package io.binnacle.mvcc.watch;

import io.binnacle.mvcc.Event;
import io.binnacle.mvcc.EventBatch;
import java.util.List;

/**
 * A batch on its way to the shards.
 *
 * @param batch at least one event
 * @param bytes about what it holds in memory
 */
record PublishedBatch(EventBatch batch, long bytes) {

    private static final int EVENT_BYTES = 64;

    static PublishedBatch of(EventBatch batch) {
        List<Event> events = batch.events();
        long bytes = 0;
        for (int at = 0; at < events.size(); at++) bytes += EVENT_BYTES + events.get(at).keyValue().length();
        return new PublishedBatch(batch, bytes);
    }
}
