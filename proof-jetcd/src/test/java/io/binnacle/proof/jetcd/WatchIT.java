package io.binnacle.proof.jetcd;

import static io.binnacle.proof.jetcd.Jetcd.bytes;
import static io.binnacle.proof.jetcd.Jetcd.get;
import static io.binnacle.proof.jetcd.Jetcd.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.KV;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchEvent.EventType;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Watches: from now, from a revision, by prefix, with previous pairs, filtered, progress, compacted. */
final class WatchIT {
    private static final long EVENT_SECONDS_MAX = 20;

    private static Jetcd jetcd;
    private static KV kv;
    private static Watch watches;

    @BeforeAll
    static void start() throws Exception {
        jetcd = Jetcd.start("--watch-progress-notify-interval=1s");
        kv = jetcd.client().getKVClient();
        watches = jetcd.client().getWatchClient();
    }

    @AfterAll
    static void stop() throws Exception {
        jetcd.close();
    }

    @Test
    void aWatchFromARevisionHearsThePastThenThePresentInOrder() throws Exception {
        long from = put("past", "0");
        put("past", "1");
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>(1000);

        try (Watcher _ = watches.watch(bytes("past"), WatchOption.builder().withRevision(from).build(), heard::add)) {
            List<WatchEvent> past = events(heard, 2);
            put("past", "2");
            get(kv.delete(bytes("past")));
            List<WatchEvent> present = events(heard, 2);

            assertThat(values(past)).containsExactly("0", "1");
            assertThat(values(present)).containsExactly("2", "");
            assertThat(present.getLast().getEventType()).isEqualTo(EventType.DELETE);
            assertThat(revisions(past)).containsExactly(from, from + 1);
            assertThat(revisions(present)).containsExactly(from + 2, from + 3);
        }
    }

    @Test
    void aPrefixWatchHearsItsKeysOnlyWithThePairsBefore() throws Exception {
        long from = put("prefix/a", "old") + 1;
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>(1000);
        WatchOption option = WatchOption.builder().isPrefix(true).withPrevKV(true).withRevision(from).build();

        try (Watcher _ = watches.watch(bytes("prefix/"), option, heard::add)) {
            put("prefix/a", "new");
            put("elsewhere", "x");
            put("prefix/b", "first");
            get(kv.delete(bytes("prefix/"), DeleteOption.builder().isPrefix(true).build()));
            List<WatchEvent> events = events(heard, 4);

            assertThat(events.stream().map(event -> text(event.getKeyValue().getKey())))
                    .containsExactly("prefix/a", "prefix/b", "prefix/a", "prefix/b");
            assertThat(events.stream().map(event -> text(event.getPrevKV().getValue()))).containsExactly("old", "", "new", "first");
        }
    }

    @Test
    void filtersLeaveOutPutsOrDeletes() throws Exception {
        long from = put("filtered", "1");
        get(kv.delete(bytes("filtered")));
        BlockingQueue<WatchResponse> puts = new LinkedBlockingQueue<>(1000);
        BlockingQueue<WatchResponse> deletes = new LinkedBlockingQueue<>(1000);

        try (Watcher _ = watches.watch(bytes("filtered"), WatchOption.builder().withNoDelete(true).withRevision(from).build(), puts::add);
                Watcher _ = watches.watch(bytes("filtered"), WatchOption.builder().withNoPut(true).withRevision(from).build(), deletes::add)) {
            put("filtered", "2");

            assertThat(events(puts, 2)).extracting(WatchEvent::getEventType).containsExactly(EventType.PUT, EventType.PUT);
            assertThat(events(deletes, 1)).extracting(WatchEvent::getEventType).containsExactly(EventType.DELETE);
        }
    }

    @Test
    void anIdleWatchHearsOfProgress() throws Exception {
        long now = put("progress", "1");
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>(1000);
        WatchOption option = WatchOption.builder().withProgressNotify(true).withCreateNotify(true).build();

        try (Watcher _ = watches.watch(bytes("quiet"), option, heard::add)) {
            WatchResponse created = next(heard);
            WatchResponse progress = next(heard);

            assertThat(created.isCreatedNotify()).isTrue();
            assertThat(progress.isProgressNotify()).isTrue();
            assertThat(progress.getEvents()).isEmpty();
            assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(now);
        }
    }

    @Test
    void progressThatIsAskedForIsAnswered() throws Exception {
        long now = put("asked", "1");
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>(1000);

        try (Watcher _ = watches.watch(bytes("asked"), WatchOption.builder().withRevision(now).withProgressNotify(true).build(), heard::add)) {
            events(heard, 1);
            watches.requestProgress();

            assertThat(next(heard).isProgressNotify()).isTrue();
        }
    }

    @Test
    void aWatchFromACompactedRevisionIsEndedWithTheOldestOne() throws Exception {
        long old = put("compacted", "1");
        long now = put("compacted", "2");
        get(kv.compact(now));
        CompletableFuture<Throwable> failed = new CompletableFuture<>();

        try (Watcher _ = watches.watch(bytes("compacted"), WatchOption.builder().withRevision(old).build(), _ -> {}, failed::complete)) {
            assertThat(get(failed)).isInstanceOfSatisfying(
                    CompactedException.class, why -> assertThat(why.getCompactedRevision()).isGreaterThanOrEqualTo(now));
        }
    }

    @Test
    void aThousandPutsReachAWatcherOnceEachAndInOrder() throws Exception {
        long from = put("many", "-1") + 1;
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>(10_000);

        try (Watcher _ = watches.watch(bytes("many"), WatchOption.builder().withRevision(from).build(), heard::add)) {
            List<CompletableFuture<?>> puts = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                puts.add(kv.put(bytes("many"), bytes(Integer.toString(i))));
            }
            for (CompletableFuture<?> one : puts) {
                get(one);
            }
            List<Long> revisions = revisions(events(heard, 1000));

            assertThat(revisions).isSorted().doesNotHaveDuplicates().hasSize(1000);
        }
    }

    private static long put(String key, String value) throws Exception {
        return get(kv.put(bytes(key), bytes(value))).getHeader().getRevision();
    }

    private static WatchResponse next(BlockingQueue<WatchResponse> heard) throws InterruptedException {
        WatchResponse response = heard.poll(EVENT_SECONDS_MAX, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("nothing heard for " + EVENT_SECONDS_MAX + " s");
        }
        return response;
    }

    /** The next events, exactly so many; notes of progress in between are passed over. */
    private static List<WatchEvent> events(BlockingQueue<WatchResponse> heard, int count) throws InterruptedException {
        List<WatchEvent> events = new ArrayList<>();
        while (events.size() < count) {
            events.addAll(next(heard).getEvents());
        }
        assertThat(events).hasSize(count);
        return events;
    }

    private static List<String> values(List<WatchEvent> events) {
        return events.stream().map(event -> text(event.getKeyValue().getValue())).toList();
    }

    private static List<Long> revisions(List<WatchEvent> events) {
        return events.stream().map(event -> event.getKeyValue().getModRevision()).toList();
    }
}
