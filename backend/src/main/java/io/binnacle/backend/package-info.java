/**
 * The store below all replicated state: etcd's buckets over one bbolt file, with what that file alone lacks. Writes go
 * into buffers in memory and a background committer turns them into transactions of the file, so that nobody who
 * applies or reads waits for the disk; every such transaction carries the index of the last entry it covers.
 *
 * <p>Entry point: {@link io.binnacle.backend.Backend}, made by {@code BoltBackend.open}; {@link
 * io.binnacle.backend.ModelBackend} is its naive twin for tests. Owning threads: the apply thread writes and takes
 * views, the agent {@link io.binnacle.backend.Backend#committer()} alone writes to the file, any thread reads a view
 * that it holds. It must not know what the values mean (no revisions beyond the shape of their keys, no messages), nor
 * consensus beyond the two numbers index and term.
 */
@NullMarked
package io.binnacle.backend;

import org.jspecify.annotations.NullMarked;
