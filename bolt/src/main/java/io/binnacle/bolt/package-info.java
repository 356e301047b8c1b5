/**
 * The bbolt file: one copy-on-write B+tree of buckets in fixed-size pages, read through pinned snapshots and written
 * by one transaction at a time. The layout and the writer's choices are bbolt's, so that its tools read what we wrote
 * and, with the array freelist and one bucket, the bytes are equal too.
 *
 * <p>Entry point: {@link io.binnacle.bolt.BoltFile}. Snapshots may be taken and read on any thread; the writer belongs
 * to one thread at a time. A page is never changed in place: a transaction writes new pages, syncs, writes the other
 * meta page, syncs; pages it left behind are reused once no snapshot can reach them.
 *
 * <pre>
 * file    meta 0 | meta 1 | page 2 | page 3 | ...          page n starts at n * pageSize
 * page    u64 id | u16 flags | u16 count | u32 overflow | elements | keys and values
 * branch  u32 pos | u32 keySize | u64 child                pos counts from the start of its element
 * leaf    u32 flags | u32 pos | u32 keySize | u32 valueSize
 * </pre>
 *
 * <p>Knows nothing of what the buckets mean: no revision, no lease, no consensus.
 */
@NullMarked
package io.binnacle.bolt;

import org.jspecify.annotations.NullMarked;
