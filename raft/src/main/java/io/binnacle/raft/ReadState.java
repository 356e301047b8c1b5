package io.binnacle.raft;

import io.binnacle.base.Bytes;

/**
 * The answer to a read-index request: the reader may read once this member has applied {@code index}, thesis §6.4.
 *
 * @param context what the request carried
 * @param index commit index at the time the leader took the request
 */
public record ReadState(Bytes context, long index) {}
