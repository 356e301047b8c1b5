/**
 * The log as the core sees it: what the storage has, and behind it what is not durable yet.
 *
 * <p>Entry point {@link io.binnacle.raft.log.RaftLog}. Owned by the consensus thread. Knows nothing of members or
 * messages.
 */
@NullMarked
package io.binnacle.raft.log;

import org.jspecify.annotations.NullMarked;
