package io.binnacle.mvcc;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be judged of a request by itself, before it enters the log. Pure functions; null means that nothing is
 * wrong. Any thread.
 */
public final class RequestCheck {

    private static final int SORT_ORDER_LAST = 2;
    private static final int SORT_TARGET_LAST = 4;
    static final int ORDER_NONE = 0;
    static final int ORDER_ASCEND = 1;
    static final int ORDER_DESCEND = 2;
    static final int TARGET_KEY = 0;

    private RequestCheck() {}

    /** api.md 2.2, step 1. */
    public static @Nullable KvRefusal range(Range request) {
        if (request.key().isEmpty()) return KvRefusal.EMPTY_KEY;
        boolean known = request.sortOrder() >= 0 && request.sortOrder() <= SORT_ORDER_LAST
                && request.sortTarget() >= 0 && request.sortTarget() <= SORT_TARGET_LAST;
        return known ? null : KvRefusal.INVALID_SORT_OPTION;
    }

    /** api.md 2.7, step 1. */
    public static @Nullable KvRefusal rangeStream(Range request) {
        KvRefusal asRange = range(request);
        if (asRange != null) return asRange;
        if (!defaultOrdering(request)) return KvRefusal.STREAM_SORT;
        return filtered(request) ? KvRefusal.STREAM_FILTER : null;
    }

    /** Whether the request asks for the order that a walk over the keys has, in etcd's reading (api.md 2.2, step 2). */
    static boolean defaultOrdering(Range request) {
        return request.sortOrder() == ORDER_NONE
                || (request.sortTarget() == TARGET_KEY && request.sortOrder() == ORDER_ASCEND);
    }

    static boolean filtered(Range request) {
        return (request.minModRevision() | request.maxModRevision()
                | request.minCreateRevision() | request.maxCreateRevision()) != 0;
    }

    /** api.md 3.1, step 1. */
    public static @Nullable KvRefusal put(Put request) {
        if (request.key().isEmpty()) return KvRefusal.EMPTY_KEY;
        if (request.ignoreValue() && !request.value().isEmpty()) return KvRefusal.VALUE_PROVIDED;
        if (request.ignoreLease() && request.lease() != 0) return KvRefusal.LEASE_PROVIDED;
        return null;
    }

    /** A deletion needs a key. */
    public static @Nullable KvRefusal deleteRange(DeleteRange request) {
        return request.key().isEmpty() ? KvRefusal.EMPTY_KEY : null;
    }

    /**
     * api.md 4.2.
     *
     * @param opsMax entries that each list of the transaction may have; nested ones have what is left
     */
    public static @Nullable KvRefusal txn(Txn request, int opsMax) {
        KvRefusal shape = shape(request, opsMax);
        if (shape != null) return shape;
        return DuplicateKeys.within(request) ? KvRefusal.DUPLICATE_KEY : null;
    }

    private static @Nullable KvRefusal shape(Txn request, int opsMax) {
        int entries = Math.max(request.compares().size(),
                Math.max(request.success().size(), request.failure().size()));
        if (entries > opsMax) return KvRefusal.TOO_MANY_OPS;
        for (Compare compare : request.compares()) if (compare.key().isEmpty()) return KvRefusal.EMPTY_KEY;
        KvRefusal success = ops(request.success(), opsMax - entries);
        return success != null ? success : ops(request.failure(), opsMax - entries);
    }

    private static @Nullable KvRefusal ops(List<Op> ops, int nestedOpsMax) {
        for (Op op : ops) {
            KvRefusal refusal = switch (op) {
                case Range range -> range(range);
                case Put put -> put(put);
                case DeleteRange delete -> deleteRange(delete);
                case Txn txn -> shape(txn, nestedOpsMax);
                case Op.None _ -> KvRefusal.KEY_NOT_FOUND;
            };
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** Whether a transaction cannot change anything, so that it need not enter the log (api.md 4.5). */
    public static boolean readOnly(Txn request) {
        return allRanges(request.success()) && allRanges(request.failure());
    }

    private static boolean allRanges(List<Op> ops) {
        for (Op op : ops) if (!(op instanceof Range)) return false;
        return true;
    }

    /** Of a read-only transaction: whether the local state will do, as every range in it, if there is any, says. */
    public static boolean serializable(Txn request) {
        return allSerializable(request.success()) && allSerializable(request.failure());
    }

    private static boolean allSerializable(List<Op> ops) {
        for (Op op : ops) if (op instanceof Range range && !range.serializable()) return false;
        return true;
    }
}
