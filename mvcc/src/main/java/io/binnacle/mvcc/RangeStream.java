package io.binnacle.mvcc;

import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.KeyRange;

/**
 * One range stream (api.md 2.7): a message at a time, each from whatever view is the newest then, all at the revision
 * of the first. The caller holds a view only while it asks for a message. For one thread at a time.
 */
public final class RangeStream {

    private static final int FIRST_CHUNK_PAIRS = 10;

    /** The next step of the stream. */
    public sealed interface Step {}

    /**
     * A message: its RangeResponse's fields after the header.
     *
     * @param body the fields; those of a message before the last are pairs only
     * @param last whether it ends the stream: only then does it have a header
     * @param headerRevision the revision for that header
     */
    public record Message(Bytes body, boolean last, long headerRevision) implements Step {}

    /** The stream ends with an error. */
    public record Failed(KvRefusal why) implements Step {}

    private final Range request;
    private final long requestBytesMax;
    /** Pairs that may still be sent; 0 or less: any number. */
    private long budget;
    private long chunkPairs;
    private Bytes nextKey;
    private long readRevision;
    private long headerRevision;
    private long sent;
    private boolean first = true;

    /**
     * A stream for a request that {@link RequestCheck#rangeStream} accepts.
     *
     * @param requestBytesMax the member's limit of request bytes, around which the length of messages settles
     */
    public RangeStream(Range request, long requestBytesMax) {
        this.request = request;
        this.requestBytesMax = requestBytesMax;
        this.budget = request.limit();
        this.chunkPairs = budget == 0 ? FIRST_CHUNK_PAIRS : Math.min(FIRST_CHUNK_PAIRS, budget);
        this.nextKey = request.key();
        this.readRevision = request.revision();
    }

    /** The next message, read from the view, which the caller holds. Not to be called after the last one. */
    public Step next(MvccView view) {
        ViewReads state = new ViewReads(view);
        Range chunk = chunk();
        KvRefusal refusal = RangeRead.refusal(state, chunk);
        if (refusal != null) return new Failed(refusal);
        if (first) {
            headerRevision = state.revision();
            if (request.revision() == 0) readRevision = headerRevision;
            first = false;
        }
        RangeRead read = request.countOnly() ? RangeRead.of(state, chunk) : RangeRead.uncounted(state, chunk);
        sent += read.pairsFound();
        boolean budgetSpent = request.limit() > 0 && read.pairsFound() >= budget;
        boolean last = request.countOnly() || !read.more() || budgetSpent;
        return new Message(last ? lastBody(state, read) : body(read), last, headerRevision);
    }

    private Range chunk() {
        return new Range(nextKey, request.rangeEnd(), chunkPairs, readRevision, request.sortOrder(),
                request.sortTarget(), request.serializable(), request.keysOnly(), request.countOnly(), 0, 0, 0, 0);
    }

    private Bytes body(RangeRead read) {
        ProtoWriter out = new ProtoWriter((int) read.pairsBytes());
        read.writePairs(out);
        long length = out.length();
        if (length < requestBytesMax / 2) chunkPairs *= 2;
        else if (length > 2 * requestBytesMax) chunkPairs /= 2;
        chunkPairs = Math.max(1, chunkPairs);
        if (request.limit() > 0) {
            budget -= read.pairsFound();
            chunkPairs = Math.min(chunkPairs, budget);
        }
        nextKey = lastKey(read).append((byte) 0);
        return out.take();
    }

    private static Bytes lastKey(RangeRead read) {
        Bytes last = Bytes.EMPTY;
        Pairs pairs = read.pairs();
        while (pairs != null && pairs.next()) last = pairs.key();
        return last;
    }

    private Bytes lastBody(ViewReads state, RangeRead read) {
        long count = read.count();
        if (!request.countOnly()) count = sent + (read.more() ? rest(state, read) : 0);
        ProtoWriter out = new ProtoWriter((int) read.pairsBytes() + 16);
        read.writePairs(out);
        new ResponseWriter(out).rangeTotals(read.more(), count);
        return out.take();
    }

    /** Live keys behind what was sent. */
    private long rest(ViewReads state, RangeRead read) {
        KeyRange all = KeyRange.of(request.key(), request.rangeEnd());
        KeyRange rest = new KeyRange(lastKey(read).append((byte) 0), all.to());
        long at = readRevision <= 0 ? state.revision() : readRevision;
        return at == state.revision() ? state.index().countLive(rest) : state.index().countLive(rest, at);
    }
}
