package io.binnacle.raft;

/**
 * Where in the log a snapshot stands.
 *
 * @param confState membership at that entry
 * @param index last entry it covers
 * @param term term of that entry
 */
public record SnapshotMeta(ConfState confState, long index, long term) {}
