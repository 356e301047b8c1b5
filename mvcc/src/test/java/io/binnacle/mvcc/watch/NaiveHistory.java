package io.binnacle.mvcc.watch;

import io.binnacle.api.mvccpb.Event;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every change there ever was, with the pair before it: what watchers are compared with. */
final class NaiveHistory {

    /** A change as a watcher without options would get it, and the pair before, the default instance if there was none. */
    record Change(long revision, Bytes key, Event event, KeyValue before) {}

    private final List<Change> changes = new ArrayList<>();
    private final Map<Bytes, KeyValue> now = new HashMap<>();

    void add(EventBatch batch) throws Exception {
        Map<Bytes, KeyValue> before = new HashMap<>(now);
        for (io.binnacle.mvcc.Event change : batch.events()) {
            KeyValue stored = KeyValue.parseFrom(change.keyValue().asByteBuffer());
            KeyValue told = change.put() ? stored : stored.toBuilder().setModRevision(batch.revision()).build();
            Event event = Event.newBuilder()
                    .setType(change.put() ? Event.EventType.PUT : Event.EventType.DELETE)
                    .setKv(told)
                    .build();
            KeyValue old = before.getOrDefault(change.key(), KeyValue.getDefaultInstance());
            changes.add(new Change(batch.revision(), change.key(), event, old));
            if (change.put()) now.put(change.key(), stored);
            else now.remove(change.key());
        }
    }

    /** What a watcher is to hear, in order. */
    List<Change> from(long revision, KeyRange range, boolean noPut, boolean noDelete) {
        List<Change> heard = new ArrayList<>();
        for (Change change : changes) {
            boolean put = change.event().getType() == Event.EventType.PUT;
            if (change.revision() >= revision && range.contains(change.key()) && !(put ? noPut : noDelete)) {
                heard.add(change);
            }
        }
        return heard;
    }
}
