package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.KeyValue;
import io.binnacle.backend.Bucket;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the changes from the lowest revision that a round's watchers need, all of a revision or nothing of it, up to
 * the round's bounds, and makes their responses. Watchers of one range share the matching, those that also have the
 * same flavor and needs share everything.
 */
final class HistoryScan {

    private final MvccView view;
    private final WatchSource source;
    private final WatchLimits limits;
    private final RangeIndex<List<WatchEvent>> index = new RangeIndex<>();
    private int records;
    private long bytes;
    private long current;
    private long reached;

    private record Share(KeyRange range, int flavor, long next) {}

    /** A scan of a view that the caller holds. */
    HistoryScan(MvccView view, WatchSource source, WatchLimits limits) {
        this.view = view;
        this.source = source;
        this.limits = limits;
    }

    CatchUpRound.Result run(CatchUpRound round) {
        long lowest = Long.MAX_VALUE;
        for (CatchUpRound.Entry entry : round.entries()) {
            if (compacted(entry)) continue;
            lowest = Math.min(lowest, entry.next());
            if (index.get(entry.range()) == null) index.put(entry.range(), new ArrayList<>());
        }
        reached = view.revision() + 1;
        if (lowest <= view.revision()) {
            view.backend().scan(Bucket.KEY, RevisionKey.put(lowest, 0), RevisionKey.put(reached, 0), this::record);
        }
        return new CatchUpRound.Result(view.revision(), view.compactRevision(), reached, serve(round));
    }

    private boolean compacted(CatchUpRound.Entry entry) {
        return entry.next() < view.compactRevision();
    }

    private boolean record(Bytes revisionKey, Bytes record) {
        long main = RevisionKey.main(revisionKey);
        if (main != current) {
            if (records >= limits.roundRecords() || bytes >= limits.roundBytes()) {
                reached = main;
                return false;
            }
            current = main;
        }
        records++;
        bytes += record.length();
        boolean put = !RevisionKey.isTombstone(revisionKey);
        Bytes key = KeyValue.key(record);
        boolean create = put && KeyValue.createRevision(record) == main;
        WatchEvent event = new WatchEvent(main, put, key, record, create);
        index.visit(key, events -> events.add(event));
        return true;
    }

    private List<CatchUpRound.Served> serve(CatchUpRound round) {
        List<CatchUpRound.Served> served = new ArrayList<>(round.entries().size());
        Map<Share, List<Payload>> shared = new HashMap<>();
        Bytes header = source.header(view.revision()).encoded();
        try (PreviousPairs pairs = new PreviousPairs(view)) {
            for (CatchUpRound.Entry entry : round.entries()) {
                List<Payload> payloads = compacted(entry)
                        ? List.of()
                        : shared.computeIfAbsent(new Share(entry.range(), entry.flavor(), entry.next()),
                                share -> payloads(share, header, pairs));
                served.add(new CatchUpRound.Served(entry, payloads, compacted(entry)));
            }
        }
        return served;
    }

    /** Responses of a bounded number of revisions each; the number counts revisions that match, filtered out or not. */
    private List<Payload> payloads(Share share, Bytes header, PreviousPairs pairs) {
        List<WatchEvent> events = index.get(share.range());
        if (events == null) return List.of();
        List<Payload> payloads = new ArrayList<>();
        List<Bytes> fields = new ArrayList<>();
        int revisions = 0;
        long last = 0;
        long first = 0;
        for (WatchEvent event : events) {
            if (event.revision < share.next()) continue;
            if (event.revision != last) {
                if (revisions == limits.responseRevisions()) {
                    if (!fields.isEmpty()) payloads.add(new Payload(first, header, fields));
                    fields = new ArrayList<>();
                    revisions = 0;
                }
                if (revisions++ == 0) first = event.revision;
                last = event.revision;
            }
            if (event.passes(share.flavor())) fields.add(event.field(share.flavor(), pairs));
        }
        if (!fields.isEmpty()) payloads.add(new Payload(first, header, fields));
        return payloads;
    }
}
