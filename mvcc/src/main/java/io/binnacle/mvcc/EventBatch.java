package io.binnacle.mvcc;

import java.util.List;

/**
 * What one transaction changed, in the order of its sub revisions: the event at place i has sub revision i. Immutable.
 *
 * @param revision the main revision of all of them; if there are none, the store's revision
 */
public record EventBatch(long revision, List<Event> events) {

    /** Whether nothing was changed and no revision used. */
    public boolean isEmpty() {
        return events.isEmpty();
    }
}
