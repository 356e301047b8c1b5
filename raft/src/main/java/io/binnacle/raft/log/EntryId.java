package io.binnacle.raft.log;

/**
 * Names an entry: two logs that have an entry of the same index and term agree up to it (log matching, thesis §3.5).
 *
 * @param term its term
 * @param index its place
 */
public record EntryId(long term, long index) {}
