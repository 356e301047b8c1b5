package io.binnacle.proof.kill;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.WatchCreateRequest;
import io.binnacle.api.etcdserverpb.WatchRequest;
import io.binnacle.api.etcdserverpb.WatchResponse;
import io.binnacle.api.mvccpb.Event;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.wire.OpenCall;
import io.binnacle.proof.wire.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A watcher of all keys that outlives the server: it resumes after the last revision it saw, and every revision must come once and in
 * order. Every write of this proof changes one key, so every revision has one event. One thread at a time.
 */
final class WatchFollower {
    private static final Duration EVENT_MAX = Duration.ofSeconds(20);

    private final Map<Long, String> events = new ConcurrentSkipListMap<>();
    private long next;

    WatchFollower(long firstRevision) {
        next = firstRevision;
    }

    /** Follows until a revision was seen, or, with {@code Long.MAX_VALUE}, until the call ends. */
    void follow(EtcdClient client, long untilRevision) {
        if (next > untilRevision) {
            return;
        }
        OpenCall call = client.open("/etcdserverpb.Watch/Watch");
        ByteString zero = ByteString.copyFrom(new byte[1]);
        WatchCreateRequest create =
                WatchCreateRequest.newBuilder().setKey(zero).setRangeEnd(zero).setStartRevision(next).build();
        call.send(WatchRequest.newBuilder().setCreateRequest(create).build().toByteArray());
        while (next <= untilRevision) {
            switch (call.receive(EVENT_MAX)) {
                case Outcome.Message(byte[] bytes) -> take(bytes);
                case Outcome.End(int code, String message) -> {
                    if (untilRevision != Long.MAX_VALUE) {
                        throw new IllegalStateException("the watch ended with " + code + " " + message + " before revision " + untilRevision);
                    }
                    return;
                }
                case Outcome.Silence _ -> throw new IllegalStateException(
                        "no event within " + EVENT_MAX + "; next is revision " + next + ", wanted " + untilRevision);
            }
        }
        call.cancel();
    }

    private void take(byte[] bytes) {
        try {
            for (Event event : WatchResponse.parseFrom(bytes).getEventsList()) {
                long revision = event.getKv().getModRevision();
                if (revision != next) {
                    throw new IllegalStateException("the watcher got revision " + revision + " where " + next + " was due");
                }
                next++;
                boolean put = event.getType() == Event.EventType.PUT;
                events.put(revision, event.getKv().getKey().toStringUtf8() + (put ? "=" + event.getKv().getValue().toStringUtf8() : " deleted"));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a watch response that is no protobuf", e);
        }
    }

    /** The event of a revision, {@code key=value} or {@code key deleted}. */
    String event(long revision) {
        return events.getOrDefault(revision, "nothing");
    }

    /** Forgets what was seen before a revision, so that memory stays bounded. */
    void forgetBefore(long revision) {
        events.keySet().removeIf(r -> r < revision);
    }
}
