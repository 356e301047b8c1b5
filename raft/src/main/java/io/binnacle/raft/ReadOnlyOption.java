package io.binnacle.raft;

/** How a leader makes sure that it still leads before it answers a read-index request, thesis §6.4. */
public enum ReadOnlyOption {
    /** A round of heartbeats. */
    SAFE,
    /** Trust in the lease that check-quorum keeps: needs it, and clocks whose drift is bounded. */
    LEASE_BASED
}
