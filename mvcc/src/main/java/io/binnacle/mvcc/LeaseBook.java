package io.binnacle.mvcc;

import io.binnacle.base.Bytes;

/**
 * Leases as writes see them; the server keeps them. Apply thread only. A key is attached to at most one lease at a time:
 * the store detaches the old one before it attaches the new.
 */
public interface LeaseBook {

    /** Whether the lease is granted and not revoked. Any number but 0 may be asked for. */
    boolean exists(long leaseId);

    /** The key now belongs to the lease; repeating it changes nothing. The key holds no more memory than its bytes. */
    void attach(long leaseId, Bytes key);

    /** The key no longer belongs to the lease; no error if the lease is gone or never had it. */
    void detach(long leaseId, Bytes key);
}
