package io.binnacle.mvcc;

import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.index.KeyRevision;
import org.jspecify.annotations.Nullable;

/**
 * Carries out decoded key-value requests that {@link RequestCheck} accepts, and answers the encoded response after its
 * header. The writing methods belong to the apply thread, each is one entry; the static ones read a view on any thread
 * that holds it.
 */
public final class KvExecutor {

    /** Answers up to this length are made at once; longer ones while the client drains. */
    private static final int WHOLE_BYTES_MAX = 64 << 10;

    private final MvccStore store;
    private final LeaseBook leases;

    /** Writes to the store, with leases as the book says. */
    public KvExecutor(MvccStore store, LeaseBook leases) {
        this.store = store;
        this.leases = leases;
    }

    /** Sets a key (api.md 3.1). */
    public Outcome put(Put request) {
        WriteTxn txn = store.write(leases);
        KvRefusal refusal = TxnPlan.refusal(txn, leases, request);
        if (refusal != null) return refused(txn, refusal);
        if (!request.prevKv() && !request.ignoreValue() && !request.ignoreLease()) {
            txn.put(request.key(), request.value(), request.lease());
            return done(txn, ResponseBody.empty());
        }
        OpExecution execution = OpExecution.writing(txn, true);
        execution.put(request);
        return done(txn, execution.body());
    }

    /** Deletes a key or a range (api.md 3.2). */
    public Outcome deleteRange(DeleteRange request) {
        WriteTxn txn = store.write(leases);
        OpExecution execution = OpExecution.writing(txn, true);
        execution.deleteRange(request);
        return done(txn, execution.body());
    }

    /**
     * Carries out a transaction that may write (api.md 4.6).
     *
     * @param answered whether anybody waits for the answer here; if not, reads are skipped and the body is empty, which
     *     changes nothing else
     */
    public Outcome txn(Txn request, boolean answered) {
        WriteTxn txn = store.write(leases);
        TxnPlan plan = TxnPlan.of(request, new CompareCheck(txn));
        KvRefusal refusal = plan.refusal(txn, leases);
        if (refusal != null) return refused(txn, refusal);
        OpExecution execution = OpExecution.writing(txn, answered);
        execution.run(plan);
        return done(txn, execution.body());
    }

    private static Outcome refused(WriteTxn txn, KvRefusal why) {
        Check.that(!txn.changed(), "a refused request has changed something");
        txn.end();
        return new Outcome.Refused(why);
    }

    private static Outcome done(WriteTxn txn, ResponseBody body) {
        EventBatch events = txn.end();
        return new Outcome.Done(events.revision(), body, events);
    }

    /** Reads a range (api.md 2.2). A long answer takes a hold of the view of its own and gives it back when closed. */
    public static Outcome range(MvccView view, Range request) {
        ViewReads state = new ViewReads(view);
        KvRefusal refusal = RangeRead.refusal(state, request);
        if (refusal != null) return new Outcome.Refused(refusal);
        boolean plainGet = request.rangeEnd().isEmpty() && !request.countOnly() && !request.keysOnly()
                && request.limit() >= 0 && !RequestCheck.filtered(request);
        if (plainGet) return Outcome.Done.read(view.revision(), get(state, request));
        RangeRead read = RangeRead.of(state, request);
        Pairs pairs = read.pairs();
        if (pairs == null || read.bodyBytes() <= WHOLE_BYTES_MAX) {
            ProtoWriter out = new ProtoWriter((int) read.bodyBytes());
            read.write(out);
            return Outcome.Done.read(view.revision(), new ResponseBody.Whole(out.take()));
        }
        boolean held = view.acquire();
        Check.that(held, "a range of a view that the caller does not hold");
        return Outcome.Done.read(view.revision(), new RangeBody(view, read, pairs));
    }

    /** One key: neither order nor limit can matter. */
    private static ResponseBody get(ViewReads state, Range request) {
        KeyRevision found = new KeyRevision();
        long at = request.revision() <= 0 ? state.revision() : request.revision();
        if (!state.index().findLive(request.key(), at, found)) return ResponseBody.empty();
        Bytes record = state.load(found);
        ProtoWriter out = new ProtoWriter(ResponseWriter.rangePairLength(record.length())
                + ResponseWriter.rangeTotalsLength(false, 1));
        ResponseWriter writer = new ResponseWriter(out);
        writer.rangePair(record);
        writer.rangeTotals(false, 1);
        return new ResponseBody.Whole(out.take());
    }

    /** Carries out a transaction that {@link RequestCheck#readOnly} finds to only read. */
    public static Outcome readTxn(MvccView view, Txn request) {
        ViewReads state = new ViewReads(view);
        TxnPlan plan = TxnPlan.of(request, new CompareCheck(state));
        KvRefusal refusal = plan.refusal(state, NoLeases.INSTANCE);
        if (refusal != null) return new Outcome.Refused(refusal);
        OpExecution execution = OpExecution.reading(state);
        execution.run(plan);
        return Outcome.Done.read(view.revision(), execution.body());
    }

    /** The encoded pair of a key at a revision of the view, null if it does not exist then: for what is not a request. */
    public static @Nullable Bytes get(MvccView view, Bytes key, long revision) {
        KeyRevision found = new KeyRevision();
        return view.index().findLive(key, revision, found) ? new ViewReads(view).load(found) : null;
    }

    /** The encoded pair decoded. */
    public static @Nullable KeyValue pair(MvccView view, Bytes key, long revision) {
        Bytes record = get(view, key, revision);
        return record == null ? null : KeyValue.decode(record);
    }

    /** A reading transaction asks for no lease. */
    private enum NoLeases implements LeaseBook {
        INSTANCE;

        @Override
        public boolean exists(long leaseId) {
            return false;
        }

        @Override
        public void attach(long leaseId, Bytes key) {
            throw new Check.BrokenInvariant("a reading transaction attaches a lease");
        }

        @Override
        public void detach(long leaseId, Bytes key) {
            throw new Check.BrokenInvariant("a reading transaction detaches a lease");
        }
    }
}
