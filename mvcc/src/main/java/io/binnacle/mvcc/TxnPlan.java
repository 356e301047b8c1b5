package io.binnacle.mvcc;

import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path that a transaction takes, fixed on the state before any of its operations (api.md 4.6).
 *
 * @param succeeded whether all guards hold
 * @param ops the operations of the chosen branch
 * @param nested the plans of the transactions among them, in their order
 */
record TxnPlan(boolean succeeded, List<Op> ops, List<TxnPlan> nested) {

    static TxnPlan of(Txn txn, CompareCheck compares) {
        boolean succeeded = compares.allHold(txn.compares());
        List<Op> ops = succeeded ? txn.success() : txn.failure();
        List<TxnPlan> nested = List.of();
        for (Op op : ops) {
            if (!(op instanceof Txn inner)) continue;
            if (nested.isEmpty()) nested = new ArrayList<>();
            nested.add(of(inner, compares));
        }
        return new TxnPlan(succeeded, ops, nested);
    }

    /** The first reason, in execution order, why an operation on the path cannot be carried out on this state. */
    @Nullable KvRefusal refusal(ReadState state, LeaseBook leases) {
        int inner = 0;
        for (Op op : ops) {
            KvRefusal refusal = switch (op) {
                case Range range -> RangeRead.refusalInTxn(state, range);
                case Put put -> refusal(state, leases, put);
                case Txn _ -> nested.get(inner++).refusal(state, leases);
                case DeleteRange _, Op.None _ -> null;
            };
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** What speaks against a put at apply (api.md 3.1, step 2). */
    static @Nullable KvRefusal refusal(ReadState state, LeaseBook leases, Put put) {
        if (put.lease() != 0 && !leases.exists(put.lease())) return KvRefusal.LEASE_NOT_FOUND;
        if (!put.ignoreValue() && !put.ignoreLease()) return null;
        boolean exists = state.index().findLive(put.key(), Long.MAX_VALUE, new KeyRevision());
        return exists ? null : KvRefusal.KEY_NOT_FOUND;
    }
}
