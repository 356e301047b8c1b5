package io.binnacle.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.WatchResponse;
import io.binnacle.api.kv.WatchRequest;
import io.binnacle.api.mvccpb.Event;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A client that checks every answer as it comes, and reads only when the test lets it. */
final class ListeningClient implements WatchSink {

    /** What a client knows of one watcher. */
    private static final class Heard {
        final WatchRequest.Create request;
        final KeyRange range;
        final long from;
        long headerRevision;
        int events;
        boolean inFragments;
        boolean compacted;

        Heard(WatchRequest.Create request, long created) {
            this.request = request;
            Bytes key = request.key().isEmpty() ? Bytes.of(new byte[1]) : request.key();
            this.range = KeyRange.of(key, request.rangeEnd());
            this.from = request.startRevision() == 0 ? created + 1 : request.startRevision();
            this.headerRevision = created;
        }
    }

    private final NaiveHistory history;
    private final LongSupplier compactRevision;
    private final int fragmentBytes;
    private final ArrayDeque<WatchRequest.Create> asked = new ArrayDeque<>();
    private final Map<Long, Heard> watchers = new HashMap<>();
    private final Set<Long> cancelled = new HashSet<>();
    private boolean reads = true;
    private int unread;
    long reports;
    long answers;
    /** Header revision of the newest report for the whole stream. */
    long reported;

    ListeningClient(NaiveHistory history, LongSupplier compactRevision, int fragmentBytes) {
        this.history = history;
        this.compactRevision = compactRevision;
        this.fragmentBytes = fragmentBytes;
    }

    /** Whether it reads; if not, the transport holds a message before it is no longer writable. */
    void reads(boolean whether) {
        reads = whether;
        if (reads) unread = 0;
    }

    boolean reading() {
        return reads;
    }

    void asks(WatchRequest.Create request) {
        asked.add(request);
    }

    void cancels(long id) {
        cancelled.add(id);
    }

    Long[] ids() {
        return watchers.keySet().toArray(new Long[0]);
    }

    @Override
    public boolean writable() {
        return reads || unread < 1;
    }

    @Override
    public void send(Bytes message) {
        if (!reads) unread++;
        answers++;
        try {
            WatchResponse response = WatchResponse.parseFrom(message.asByteBuffer());
            if (response.getCreated()) created(response);
            else if (response.getCanceled()) cancelled(response);
            else if (response.getEventsCount() == 0) progress(response);
            else events(response, message.length());
        } catch (InvalidProtocolBufferException broken) {
            throw new AssertionError(broken);
        }
    }

    private void created(WatchResponse response) {
        WatchRequest.Create request = asked.remove();
        if (response.getWatchId() == -1) {
            assertThat(response.getCanceled()).isTrue();
            assertThat(response.getCancelReason()).isNotEmpty();
            return;
        }
        assertThat(response.getCanceled()).isFalse();
        if (request.watchId() != 0) assertThat(response.getWatchId()).isEqualTo(request.watchId());
        Heard before = watchers.put(response.getWatchId(), new Heard(request, response.getHeader().getRevision()));
        assertThat(before).as("an id in use was given again").isNull();
    }

    private void cancelled(WatchResponse response) {
        Heard heard = watcher(response.getWatchId());
        assertThat(heard.inFragments).isFalse();
        if (response.getCompactRevision() == 0) {
            assertThat(cancelled.remove(response.getWatchId())).as("a cancel that was asked for").isTrue();
            watchers.remove(response.getWatchId());
            return;
        }
        assertThat(heard.compacted).isFalse();
        heard.compacted = true;
        assertThat(response.getHeader().getRevision()).isZero();
        assertThat(response.getCompactRevision()).isLessThanOrEqualTo(compactRevision.getAsLong());
        List<NaiveHistory.Change> expected = expected(heard);
        if (heard.events > 0) {
            assertThat(expected.get(heard.events - 1).revision()).isLessThan(response.getCompactRevision());
        }
        assertThat(heard.from).isLessThan(response.getCompactRevision());
    }

    private Heard watcher(long id) {
        Heard heard = watchers.get(id);
        assertThat(heard).as("an answer for watcher %d, which is not there", id).isNotNull();
        return java.util.Objects.requireNonNull(heard);
    }

    private List<NaiveHistory.Change> expected(Heard heard) {
        return history.from(heard.from, heard.range, heard.request.noPut(), heard.request.noDelete());
    }

    private void progress(WatchResponse response) {
        reports++;
        long revision = response.getHeader().getRevision();
        if (response.getWatchId() == -1) {
            assertThat(watchers).isNotEmpty();
            reported = revision;
            for (Heard heard : watchers.values()) hasAllUpTo(heard, revision);
        } else {
            Heard heard = watcher(response.getWatchId());
            assertThat(heard.request.progressNotify()).isTrue();
            hasAllUpTo(heard, revision);
        }
    }

    private void hasAllUpTo(Heard heard, long revision) {
        assertThat(heard.compacted).isFalse();
        assertThat(heard.inFragments).isFalse();
        assertThat(revision).isGreaterThanOrEqualTo(heard.headerRevision).isGreaterThanOrEqualTo(heard.request.startRevision());
        heard.headerRevision = revision;
        List<NaiveHistory.Change> expected = expected(heard);
        if (heard.events < expected.size()) {
            assertThat(expected.get(heard.events).revision()).as("an event that a report passed over").isGreaterThan(revision);
        }
    }

    private void events(WatchResponse response, int bytes) {
        Heard heard = watcher(response.getWatchId());
        assertThat(heard.compacted).isFalse();
        List<NaiveHistory.Change> expected = expected(heard);
        for (Event event : response.getEventsList()) {
            assertThat(heard.events).as("events that did not happen: %s", event).isLessThan(expected.size());
            check(heard, expected.get(heard.events++), event);
        }
        NaiveHistory.Change last = expected.get(heard.events - 1);
        assertThat(response.getHeader().getRevision()).isGreaterThanOrEqualTo(last.revision());
        heard.headerRevision = Math.max(heard.headerRevision, response.getHeader().getRevision());
        if (response.getFragment()) {
            assertThat(heard.request.fragment()).isTrue();
            assertThat(response.getEventsCount() == 1 || bytes < fragmentBytes).isTrue();
        } else if (heard.events < expected.size()) {
            assertThat(expected.get(heard.events).revision()).as("a revision in two answers").isGreaterThan(last.revision());
        }
        heard.inFragments = response.getFragment();
    }

    private void check(Heard heard, NaiveHistory.Change expected, Event event) {
        assertThat(event.toBuilder().clearPrevKv().build()).isEqualTo(expected.event());
        boolean create = event.getKv().getCreateRevision() == event.getKv().getModRevision();
        if (!heard.request.prevKv() || create) {
            assertThat(event.hasPrevKv()).isFalse();
        } else if (event.hasPrevKv() || expected.revision() - 1 >= compactRevision.getAsLong()) {
            assertThat(event.getPrevKv()).isEqualTo(expected.before());
            assertThat(event.hasPrevKv()).isEqualTo(!expected.before().equals(KeyValue.getDefaultInstance()));
        }
    }

    /** At the end, when nothing is under way any more: nothing was left out. True if no watcher lacks anything. */
    boolean complete(long revision) {
        boolean reportable = !watchers.isEmpty();
        for (Heard heard : watchers.values()) {
            reportable &= !heard.compacted && heard.request.startRevision() <= revision;
            if (!heard.compacted) assertThat(heard.events).isEqualTo(expected(heard).size());
        }
        assertThat(asked).isEmpty();
        assertThat(cancelled).isEmpty();
        return reportable;
    }

    static @Nullable String allowAll(Bytes key, Bytes rangeEnd) {
        return null;
    }
}
