package io.binnacle.mvcc;

import io.binnacle.base.Bytes;

/** Takes the leased keys that a restore finds. */
@FunctionalInterface
public interface AttachmentSink {

    /** A live key and the lease its newest value names, which need not exist. */
    void attached(Bytes key, long leaseId);
}
