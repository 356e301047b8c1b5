package io.binnacle.mvcc;

import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One range request on one state (api.md 2.2). The first walk, over the index alone, finds which pairs the answer has
 * and how long it is; the second one writes them. For one thread; on a transaction, done before its next write.
 */
final class RangeRead {

    private static final int TARGET_VERSION = 1;
    private static final int TARGET_CREATE = 2;
    private static final int TARGET_MOD = 3;
    private static final int TARGET_VALUE = 4;

    private final ReadState state;
    private final Range request;
    private final KeyRange keys;
    private final long at;
    private final IndexView index;
    private final boolean bare;
    private @Nullable Pairs pairs;
    private boolean more;
    private long count;
    private long pairsBytes;
    private long pairsFound;

    private RangeRead(ReadState state, Range request) {
        this.state = state;
        this.request = request;
        this.keys = KeyRange.of(request.key(), request.rangeEnd());
        this.at = request.revision() <= 0 ? state.revision() : request.revision();
        this.index = state.index();
        this.bare = request.keysOnly() && request.sortTarget() != TARGET_VALUE;
    }

    /** What speaks against the revision: the future is tested before the past (api.md 2.2, step 4). */
    static @Nullable KvRefusal refusal(ReadState state, Range request) {
        if (request.revision() > state.revision()) return KvRefusal.FUTURE_REVISION;
        if (request.revision() > 0 && request.revision() < state.compactRevision()) return KvRefusal.COMPACTED;
        return null;
    }

    /** The same inside of a transaction, where a negative revision is not taken for the present (api.md 4.6, step 2). */
    static @Nullable KvRefusal refusalInTxn(ReadState state, Range request) {
        if (request.revision() == 0) return null;
        if (request.revision() > state.revision()) return KvRefusal.FUTURE_REVISION;
        return request.revision() < state.compactRevision() ? KvRefusal.COMPACTED : null;
    }

    /** Finds the answer; the revision has been judged. */
    static RangeRead of(ReadState state, Range request) {
        RangeRead read = new RangeRead(state, request);
        read.find(true);
        return read;
    }

    /** As {@link #of}, but does not count what lies beyond the limit. */
    static RangeRead uncounted(ReadState state, Range request) {
        RangeRead read = new RangeRead(state, request);
        read.find(false);
        return read;
    }

    private void find(boolean counted) {
        if (request.countOnly()) {
            count = countAll();
            return;
        }
        boolean sorted = request.sortTarget() != RequestCheck.TARGET_KEY
                || request.sortOrder() == RequestCheck.ORDER_DESCEND;
        if (sorted) findSorted();
        else findInKeyOrder();
        boolean all = !more && !RequestCheck.filtered(request) && !sorted;
        if (all) count = pairsFound;
        else if (counted) count = countAll();
    }

    private long countAll() {
        return at == state.revision() ? index.countLive(keys) : index.countLive(keys, at);
    }

    private void findInKeyOrder() {
        long pairsMax = request.limit() > 0 ? request.limit() : Long.MAX_VALUE;
        Pairs.Walked walked = new Pairs.Walked(index, keys, at, RevisionFilter.of(request), pairsMax);
        measure(walked);
        more = pairsFound == pairsMax && walked.more();
        pairs = walked;
    }

    private void findSorted() {
        boolean fetchAll = !RequestCheck.defaultOrdering(request) || RequestCheck.filtered(request);
        long limit = request.limit();
        // With the order left open, etcd sorts only as many keys as it would have answered unsorted, and one more.
        long fetchMax = fetchAll || limit <= 0 || limit == Long.MAX_VALUE ? Long.MAX_VALUE : limit + 1;
        Pairs.Walked walked = new Pairs.Walked(index, keys, at, RevisionFilter.of(request), fetchMax);
        List<Pairs.Item> items = new ArrayList<>();
        while (walked.next()) items.add(item(walked));
        Comparator<Pairs.Item> order = order(request.sortTarget());
        items.sort(request.sortOrder() == RequestCheck.ORDER_DESCEND ? order.reversed() : order);
        more = limit > 0 && items.size() > limit;
        Pairs.Sorted sorted = new Pairs.Sorted(more ? items.subList(0, (int) limit) : items);
        measure(sorted);
        pairs = sorted;
    }

    private Pairs.Item item(Pairs walked) {
        KeyRevision revision = walked.revision().copy();
        return new Pairs.Item(walked.key(), revision, request.sortTarget() == TARGET_VALUE ? state.load(revision) : null);
    }

    private static Comparator<Pairs.Item> order(int target) {
        return switch (target) {
            case TARGET_VERSION -> Comparator.comparingLong(item -> item.revision().version());
            case TARGET_CREATE -> Comparator.comparingLong(item -> item.revision().create());
            case TARGET_MOD -> Comparator.comparingLong(item -> item.revision().main());
            case TARGET_VALUE -> Comparator.comparing(RangeRead::valueOf);
            default -> Comparator.comparing(Pairs.Item::key);
        };
    }

    private static Bytes valueOf(Pairs.Item item) {
        Bytes record = item.record();
        return record == null ? Bytes.EMPTY : KeyValue.value(record);
    }

    private void measure(Pairs found) {
        while (found.next()) {
            pairsFound++;
            pairsBytes += ResponseWriter.rangePairLength(recordLength(found));
        }
    }

    private int recordLength(Pairs found) {
        if (bare) return bareRecord(found).encodedLength();
        Bytes record = found.record();
        return record == null ? found.revision().length() : shown(record).length();
    }

    /** The pair's record as the answer shows it. */
    Bytes record(Pairs found) {
        if (bare) return bareRecord(found).encoded();
        Bytes record = found.record();
        return record == null ? state.load(found.revision()) : shown(record);
    }

    private Bytes shown(Bytes record) {
        if (!request.keysOnly()) return record;
        KeyValue full = KeyValue.decode(record);
        return new KeyValue(full.key(), full.createRevision(), full.modRevision(), full.version(), Bytes.EMPTY,
                full.lease()).encoded();
    }

    /** Keys alone come from the index, which does not know the lease (api.md 2.2, step 10). */
    private static KeyValue bareRecord(Pairs found) {
        KeyRevision revision = found.revision();
        return new KeyValue(found.key(), revision.create(), revision.main(), revision.version(), Bytes.EMPTY, 0);
    }

    /** The pairs, before the first; null if only their number was asked for. */
    @Nullable Pairs pairs() {
        if (pairs != null) pairs.rewind();
        return pairs;
    }

    /** Whether the limit cut the answer. */
    boolean more() {
        return more;
    }

    /** Live keys in the range; without counting beyond the limit, only known if nothing was cut. */
    long count() {
        return count;
    }

    /** How many pairs the answer has. */
    long pairsFound() {
        return pairsFound;
    }

    /** Bytes of the pairs' fields. */
    long pairsBytes() {
        return pairsBytes;
    }

    /** Bytes of the whole body. */
    long bodyBytes() {
        return pairsBytes + ResponseWriter.rangeTotalsLength(more, count);
    }

    /** Writes the pairs' fields. */
    void writePairs(ProtoWriter out) {
        Pairs found = pairs();
        if (found == null) return;
        ResponseWriter writer = new ResponseWriter(out);
        while (found.next()) writer.rangePair(record(found));
    }

    /** Writes the whole body. */
    void write(ProtoWriter out) {
        writePairs(out);
        new ResponseWriter(out).rangeTotals(more, count);
    }
}
