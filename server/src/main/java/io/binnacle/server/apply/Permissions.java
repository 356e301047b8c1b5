package io.binnacle.server.apply;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody may carry out a request (shared contract: api.md §3.3, §4.7, §7, §10.4). Each check answers null for
 * yes, or the refusal. Cheap while authentication is off.
 */
public final class Permissions {

    private final AuthView auth;
    private final Leases leases;

    /** For one moment's users and roles; leases are looked up as they are. */
    public Permissions(AuthView auth, Leases leases) {
        this.auth = auth;
        this.leases = leases;
    }

    /** Reading a range. */
    public @Nullable Refusal range(Identity who, Range range) {
        return auth.mayRead(who, range.key(), range.rangeEnd());
    }

    /** A put: the key, the keys that share its lease, and reading what was there if that is asked for. */
    public @Nullable Refusal put(Identity who, Put put) {
        if (!auth.enabled()) return null;
        Refusal refusal = auth.mayWrite(who, put.key(), Bytes.EMPTY);
        if (refusal == null) refusal = leaseKeys(who, put.lease());
        if (refusal == null && put.prevKv()) refusal = auth.mayRead(who, put.key(), Bytes.EMPTY);
        return refusal;
    }

    /** A deletion. */
    public @Nullable Refusal deleteRange(Identity who, DeleteRange delete) {
        Refusal refusal = auth.mayWrite(who, delete.key(), delete.rangeEnd());
        if (refusal == null && delete.prevKv()) refusal = auth.mayRead(who, delete.key(), delete.rangeEnd());
        return refusal;
    }

    /** A transaction: all compares and the operations of both branches. */
    public @Nullable Refusal txn(Identity who, Txn txn) {
        if (!auth.enabled()) return null;
        for (Compare compare : txn.compares()) {
            Refusal refusal = auth.mayRead(who, compare.key(), compare.rangeEnd());
            if (refusal != null) return refusal;
        }
        Refusal refusal = operations(who, txn.success());
        return refusal != null ? refusal : operations(who, txn.failure());
    }

    private @Nullable Refusal operations(Identity who, List<Op> operations) {
        for (Op operation : operations) {
            Refusal refusal = switch (operation) {
                case Range range -> range(who, range);
                case Put put -> put(who, put);
                case DeleteRange delete -> deleteRange(who, delete);
                case Txn nested -> txn(who, nested);
                case Op.None _ -> null;
            };
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** Changing every key that is attached to a lease, as revoking or renewing it would; a lease that is not there is no bar. */
    public @Nullable Refusal leaseKeys(Identity who, long leaseId) {
        if (!auth.enabled() || auth.mayAdminister(who) == null) return null;
        Lease lease = leases.find(leaseId);
        if (lease == null) return null;
        for (Bytes key : lease.keys()) {
            Refusal refusal = auth.mayWrite(who, key, Bytes.EMPTY);
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** Seeing which keys are attached to a lease. */
    public @Nullable Refusal leaseKeysVisible(Identity who, Lease lease) {
        if (!auth.enabled() || auth.mayAdminister(who) == null) return null;
        for (Bytes key : lease.keys()) {
            Refusal refusal = auth.mayRead(who, key, Bytes.EMPTY);
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** What any user may do who has given valid credentials. */
    public @Nullable Refusal anyUser(Identity who) {
        return auth.enabled() && who.authRevision() == 0 ? Refusal.USER_EMPTY : null;
    }
}
