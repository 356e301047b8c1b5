package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * The fields of RangeResponse, PutResponse, DeleteRangeResponse and TxnResponse, written around pairs that are encoded
 * already. Call the methods of one answer in the order in which they stand here; the static ones tell lengths.
 *
 * <p>All that comes after {@link #header} is an answer's body: the store writes it, the service puts the header before
 * it. Belongs to one thread.
 */
public final class ResponseWriter {

    private static final int HEADER = 1;
    private static final int RANGE_KVS = 2;
    private static final int RANGE_MORE = 3;
    private static final int RANGE_COUNT = 4;
    private static final int PUT_PREV_KV = 2;
    private static final int DELETED = 2;
    private static final int DELETED_PREV_KVS = 3;
    private static final int TXN_SUCCEEDED = 2;
    private static final int TXN_RESPONSES = 3;

    private final ProtoWriter out;

    /** Writes to {@code out}, which the caller owns. */
    public ResponseWriter(ProtoWriter out) {
        this.out = out;
    }

    /** The header of any answer. One with no number set is written too, as an empty message. */
    public void header(ResponseHeader header) {
        out.message(HEADER, header.encodedLength());
        header.encode(out);
    }

    /** The number of bytes {@link #header} writes. */
    public static int headerLength(ResponseHeader header) {
        return Wire.sizeOfBytesField(HEADER, header.encodedLength());
    }

    /** Range: one pair. */
    public void rangePair(Bytes keyValue) {
        out.bytesField(RANGE_KVS, keyValue);
    }

    /** The number of bytes {@link #rangePair} writes for a pair of this encoded length. */
    public static int rangePairLength(int keyValueLength) {
        return Wire.sizeOfBytesField(RANGE_KVS, keyValueLength);
    }

    /** Range: what follows the pairs. */
    public void rangeTotals(boolean more, long count) {
        out.unlessFalse(RANGE_MORE, more);
        out.unlessZero(RANGE_COUNT, count);
    }

    /** The number of bytes {@link #rangeTotals} writes. */
    public static int rangeTotalsLength(boolean more, long count) {
        return Wire.sizeUnlessFalse(RANGE_MORE, more) + Wire.sizeUnlessZero(RANGE_COUNT, count);
    }

    /** Put: the pair as it was. */
    public void putPrevious(Bytes keyValue) {
        out.bytesField(PUT_PREV_KV, keyValue);
    }

    /** DeleteRange: how many keys are gone. */
    public void deleted(long count) {
        out.unlessZero(DELETED, count);
    }

    /** DeleteRange: one pair as it was. */
    public void deletedPrevious(Bytes keyValue) {
        out.bytesField(DELETED_PREV_KVS, keyValue);
    }

    /** Txn: which branch ran. */
    public void succeeded(boolean succeeded) {
        out.unlessFalse(TXN_SUCCEEDED, succeeded);
    }

    /**
     * Txn: opens the answer of one operation; its header and body are written next, and answers of a nested transaction
     * may be opened within.
     *
     * @return what {@link #endResponse} needs
     */
    public Open beginResponse(Op op) {
        int response = out.begin(TXN_RESPONSES);
        return new Open(response, out.begin(op.field()));
    }

    /** Txn: the answer of an operation in which nothing was set. */
    public void emptyResponse() {
        out.message(TXN_RESPONSES, 0);
    }

    /** Txn: closes the answer of one operation. */
    public void endResponse(Open open) {
        out.end(open.answer);
        out.end(open.responseOp);
    }

    /** An operation's answer that is not closed yet: where the lengths of ResponseOp and of the answer in it will stand. */
    public record Open(int responseOp, int answer) {}
}
