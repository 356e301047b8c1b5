/**
 * The vocabulary of the consensus core: entries, messages, states, what a turn asks of the world, and the ports.
 *
 * <p>The core itself is {@link io.binnacle.raft.core.RaftNode}: a function from input to output with no thread, clock,
 * chance or I/O of its own. Concepts have a package each: {@code quorum} (who agreed), {@code tracker} (what a leader
 * knows of each member), {@code confchange} (membership), {@code log} (durable and in flight), {@code core} (roles).
 * Values here are immutable and may be shared; the core and {@link io.binnacle.raft.MemoryStorage} belong to the
 * consensus thread. Knows nothing of etcd's commands, of files or of the network.
 */
@NullMarked
package io.binnacle.raft;

import org.jspecify.annotations.NullMarked;
