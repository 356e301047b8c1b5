package io.binnacle.mvcc;

import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;

/**
 * The body of a long range answer: values are read while the client drains, from the view that it holds. Memory at any
 * time: one piece and one value.
 */
public final class RangeBody implements ResponseBody {

    /** RangeResponse.kvs. */
    private static final int RANGE_PAIR_FIELD = 2;
    private static final int FIELD_HEAD_BYTES = 16;

    private final MvccView view;
    private final RangeRead read;
    private final Pairs pairs;
    private final ProtoWriter scratch = new ProtoWriter(FIELD_HEAD_BYTES);
    private final long lengthBytes;
    private long left;
    private Bytes head = Bytes.EMPTY;
    private Bytes record = Bytes.EMPTY;
    private boolean totalsWritten;
    private boolean closed;

    /** Takes over one hold of the view. */
    RangeBody(MvccView view, RangeRead read, Pairs pairs) {
        this.view = view;
        this.read = read;
        this.pairs = pairs;
        this.lengthBytes = read.bodyBytes();
        this.left = lengthBytes;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    /** The revision that the view was at: whoever holds views for long is told by it. */
    public long viewRevision() {
        return view.revision();
    }

    @Override
    public Bytes next(int maxBytes) {
        Check.that(!closed || left == 0, "a piece of a closed body");
        int size = (int) Math.min(maxBytes, left);
        if (size == 0) return Bytes.EMPTY;
        byte[] piece = new byte[size];
        int filled = 0;
        while (filled < size) {
            if (head.isEmpty() && record.isEmpty()) advance();
            int fromHead = Math.min(head.length(), size - filled);
            head.slice(0, fromHead).copyTo(piece, filled);
            head = head.slice(fromHead, head.length());
            filled += fromHead;
            int fromRecord = Math.min(record.length(), size - filled);
            record.slice(0, fromRecord).copyTo(piece, filled);
            record = record.slice(fromRecord, record.length());
            filled += fromRecord;
        }
        left -= size;
        if (left == 0) close();
        return Bytes.of(piece);
    }

    /** Turns to the next field: a pair, or what follows the last one. */
    private void advance() {
        Check.that(!totalsWritten, "a range answer is shorter than announced");
        scratch.reset();
        if (pairs.next()) {
            record = read.record(pairs);
            scratch.message(RANGE_PAIR_FIELD, record.length());
        } else {
            new ResponseWriter(scratch).rangeTotals(read.more(), read.count());
            totalsWritten = true;
        }
        head = scratch.toBytes();
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        view.release();
    }
}
