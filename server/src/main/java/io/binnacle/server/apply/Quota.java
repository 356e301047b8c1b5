package io.binnacle.server.apply;

import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Txn;
import io.binnacle.backend.Backend;
import java.util.List;

/**
 * How large the database may grow (shared contract: api.md §12.3). What counts is the committed pages and the bytes not
 * committed yet, so a fast writer does not overshoot as it does with committed pages alone. Safe for all threads.
 */
public final class Quota {

    private static final long PUT_OVERHEAD_BYTES = 256;
    /** What a lease costs. */
    public static final long LEASE_BYTES = 64;

    private final Backend backend;
    private final long limitBytes;

    /** A limit in bytes; negative for none. */
    public Quota(Backend backend, long limitBytes) {
        this.backend = backend;
        this.limitBytes = limitBytes;
    }

    /** Whether a request of this cost in bytes may come in; one that costs nothing always may. */
    public boolean admits(long costBytes) {
        return costBytes == 0 || limitBytes < 0 || backend.quotaBytes() + costBytes < limitBytes;
    }

    /** What a put costs. */
    public static long costOf(Put put) {
        return PUT_OVERHEAD_BYTES + put.key().length() + put.value().length();
    }

    /** What a transaction costs: the dearer of its branches, nested ones included. */
    public static long costOf(Txn txn) {
        return Math.max(costOf(txn.success()), costOf(txn.failure()));
    }

    private static long costOf(List<Op> operations) {
        long cost = 0;
        for (Op operation : operations) {
            if (operation instanceof Put put) cost += costOf(put);
            else if (operation instanceof Txn txn) cost += costOf(txn);
        }
        return cost;
    }

    /** Whether a put stands in either branch, at any depth. */
    public static boolean hasPut(Txn txn) {
        return hasPut(txn.success()) || hasPut(txn.failure());
    }

    private static boolean hasPut(List<Op> operations) {
        for (Op operation : operations) {
            if (operation instanceof Put || (operation instanceof Txn txn && hasPut(txn))) return true;
        }
        return false;
    }
}
