package io.binnacle.mvcc;

import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out operations that nothing speaks against any more, and writes their answers' bodies. For one request, on
 * the thread of its state.
 */
final class OpExecution {

    private static final ResponseHeader NESTED_HEADER = new ResponseHeader(0, 0, 0, 0);

    private final ReadState state;
    private final @Nullable WriteTxn txn;
    private final boolean answered;
    private final ProtoWriter out;
    private final ResponseWriter answer;

    /** On a state that is only read. */
    static OpExecution reading(ReadState state) {
        return new OpExecution(state, null, true);
    }

    /** In a transaction; unanswered, it skips reads and writes no body. */
    static OpExecution writing(WriteTxn txn, boolean answered) {
        return new OpExecution(txn, txn, answered);
    }

    private OpExecution(ReadState state, @Nullable WriteTxn txn, boolean answered) {
        this.state = state;
        this.txn = txn;
        this.answered = answered;
        this.out = new ProtoWriter(answered ? 64 : 0);
        this.answer = new ResponseWriter(out);
    }

    /** What was written. */
    ResponseBody body() {
        return new ResponseBody.Whole(out.take());
    }

    private WriteTxn txn() {
        if (txn == null) throw new Check.BrokenInvariant("a write on a state that is only read");
        return txn;
    }

    /** Writes the answer to the transaction, without header. */
    void run(TxnPlan plan) {
        if (answered) answer.succeeded(plan.succeeded());
        int inner = 0;
        for (Op op : plan.ops()) {
            TxnPlan nested = op instanceof Txn ? plan.nested().get(inner++) : null;
            run(op, nested);
        }
    }

    private void run(Op op, @Nullable TxnPlan nested) {
        ResponseWriter.Open open = answered ? answer.beginResponse(op) : null;
        switch (op) {
            case Range range -> {
                if (answered) range(range);
            }
            case Put put -> {
                Bytes previous = write(put);
                header(state.revision());
                previous(put, previous);
            }
            case DeleteRange delete -> {
                List<Bytes> previous = new ArrayList<>();
                long deleted = delete(delete, previous);
                header(state.revision());
                deleted(deleted, previous);
            }
            case Txn _ -> {
                if (answered) answer.header(NESTED_HEADER);
                if (nested != null) run(nested);
            }
            case Op.None _ -> throw new Check.BrokenInvariant("an operation that is not set reached its execution");
        }
        if (open != null) answer.endResponse(open);
    }

    private void header(long revision) {
        if (answered) answer.header(new ResponseHeader(0, 0, revision, 0));
    }

    private void range(Range request) {
        header(state.revision());
        RangeRead.of(state, request).write(out);
    }

    /** A request of its own: writes the answer's body. */
    void put(Put request) {
        previous(request, write(request));
    }

    private @Nullable Bytes write(Put request) {
        WriteTxn writes = txn();
        boolean needsOld = request.ignoreValue() || request.ignoreLease() || (request.prevKv() && answered);
        Bytes old = needsOld ? writes.get(request.key()) : null;
        // A transaction may delete the key (from a key on) that it then puts with its old value: there is none then.
        Bytes value = !request.ignoreValue() ? request.value() : old == null ? Bytes.EMPTY : KeyValue.value(old);
        long lease = !request.ignoreLease() ? request.lease() : old == null ? 0 : KeyValue.lease(old);
        writes.put(request.key(), value, lease);
        return old;
    }

    private void previous(Put request, @Nullable Bytes old) {
        if (answered && request.prevKv() && old != null) answer.putPrevious(old);
    }

    /** A request of its own: writes the answer's body. */
    void deleteRange(DeleteRange request) {
        List<Bytes> previous = new ArrayList<>();
        deleted(delete(request, previous), previous);
    }

    private long delete(DeleteRange request, List<Bytes> previous) {
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        if (request.prevKv() && answered) {
            IndexCursor cursor = state.index().cursor(range, Long.MAX_VALUE);
            while (cursor.next()) previous.add(state.load(cursor.revision()));
        }
        return request.rangeEnd().isEmpty() ? (txn().delete(request.key()) ? 1 : 0) : txn().deleteRange(range);
    }

    private void deleted(long count, List<Bytes> previous) {
        if (!answered) return;
        answer.deleted(count);
        for (Bytes pair : previous) answer.deletedPrevious(pair);
    }
}
