/**
 * The write-ahead log and {@code .snap} files in etcd's format (docs/formats/wal.md).
 *
 * <p>Entry points: {@link io.binnacle.wal.Wal} for the log of a running member, {@link io.binnacle.wal.WalReading} for
 * reading one offline, {@link io.binnacle.wal.SnapFiles}, {@link io.binnacle.wal.MembershipDocument}. A log belongs to
 * the log writer's thread, except for its {@link io.binnacle.wal.SegmentPipeline}, an agent of its own. Nothing here
 * knows raft: entries and states are the wire's records.
 */
@NullMarked
package io.binnacle.wal;

import org.jspecify.annotations.NullMarked;
