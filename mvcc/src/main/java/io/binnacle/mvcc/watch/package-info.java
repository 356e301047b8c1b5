/**
 * Watching keys: who asked to hear of which changes, and that each hears of all of them, in order and once.
 *
 * <p>Entry point: {@link io.binnacle.mvcc.watch.WatchHub}. The apply thread publishes one immutable batch a revision
 * to it; each event loop owns one {@link io.binnacle.mvcc.watch.WatchShard} with the {@link
 * io.binnacle.mvcc.watch.WatchStream}s of its clients; one agent reads the history that watchers missed. Nothing here
 * can hold up the apply thread: a shard's queue is bounded, and what does not fit is read from the store later.
 *
 * <p>A revision's way to a watcher: published → the shard's queue → matched and encoded once for all watchers of the
 * shard → sent while the client takes it. A watcher that could not be served keeps the first revision that it still
 * needs and goes on from the shard's recent batches, or else from the store.
 *
 * <p>Behaviour is that of the etcd API (shared contract: api.md §6). Nothing here knows of gRPC, sockets or users.
 */
@NullMarked
package io.binnacle.mvcc.watch;

import org.jspecify.annotations.NullMarked;
