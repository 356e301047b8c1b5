package io.binnacle.raft;

import org.jspecify.annotations.Nullable;

/**
 * The durable log as the core reads it. Called on the consensus thread only; answers at once, from memory.
 *
 * <p>What the core has given out in a {@link Ready} appears here only once it is durable: in synchronous mode before
 * {@code advance()}, in asynchronous mode before the STORAGE_APPEND_RESP that says so is stepped.
 */
public interface Storage {

    /** Answer of {@link #term}: the entry was compacted away. */
    long TERM_COMPACTED = -1;
    /** Answer of {@link #term}: behind the last entry. */
    long TERM_UNAVAILABLE = -2;

    /**
     * What a restart begins with.
     *
     * @param hardState the last one saved
     * @param confState membership at the applied index that the configuration names
     */
    record InitialState(HardState hardState, ConfState confState) {}

    /** Read once, when a node is made. */
    InitialState initialState();

    /**
     * Entries [low, high), cut to at most {@code maxBytes} encoded bytes but never to none.
     *
     * @return the entries (fewer than asked for if only a beginning is in memory), or why there are none
     */
    LogRead entries(long low, long high, long maxBytes);

    /** The term of an entry in [firstIndex - 1, lastIndex], or one of the two negative answers. */
    long term(long index);

    /** Index of the first entry that {@link #entries} can give; what is before it is in the snapshot. */
    long firstIndex();

    /** Index of the last entry, or that of the snapshot if there is none behind it. */
    long lastIndex();

    /** The newest snapshot, for a follower that is too far behind; null: none can be had at the moment. */
    @Nullable Snapshot snapshot();
}
