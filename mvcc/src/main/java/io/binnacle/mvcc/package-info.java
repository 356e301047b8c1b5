/**
 * Revisions: the multi-version store that a member's key-value requests act on.
 *
 * <p>Entry points: {@link io.binnacle.mvcc.MvccStore} (restore, write transactions, views, compaction, hashes) and
 * {@link io.binnacle.mvcc.KvExecutor} (decoded requests to encoded response bodies); {@link
 * io.binnacle.mvcc.RequestCheck} for what can be judged before a request enters the log.
 *
 * <p>Threads: the store and its transactions belong to the apply thread. {@link io.binnacle.mvcc.MvccView}s are
 * immutable; any thread may read one that it holds. Nothing here reads a clock (the compactor's pause apart, whose
 * clock is passed in), starts a thread, opens a file, or knows of consensus, gRPC or etcd's error texts.
 */
@NullMarked
package io.binnacle.mvcc;

import org.jspecify.annotations.NullMarked;
