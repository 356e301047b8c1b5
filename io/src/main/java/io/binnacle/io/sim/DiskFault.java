package io.binnacle.io.sim;

import org.jspecify.annotations.Nullable;

/** What may befall one operation of a {@link SimDisk}. */
public sealed interface DiskFault {

    /** Decides the fate of each operation, before it is done. */
    @FunctionalInterface
    interface Plan {
        /** The fault of this operation, or null to let it succeed. */
        @Nullable DiskFault of(DiskOperation operation);
    }

    /**
     * The operation fails with EIO. A failed sync makes a random part of the unsynced data durable and forgets that
     * the rest was dirty, as Linux does: a later sync succeeds without having written it.
     */
    record IoError() implements DiskFault {}

    /** The operation fails with ENOSPC; nothing of it is done. */
    record NoSpace() implements DiskFault {}

    /** A write stops after so many bytes and fails with ENOSPC; other operations fail without effect. */
    record ShortWrite(long bytes) implements DiskFault {}

    /** The machine stops at this operation: a write may be among what survives, a sync has not been confirmed. */
    record PowerLoss() implements DiskFault {}

    /** The operation takes so long and succeeds; told to the disk's delay listener. */
    record Delay(long nanos) implements DiskFault {}
}
