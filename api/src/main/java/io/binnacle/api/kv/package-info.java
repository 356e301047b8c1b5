/**
 * etcd's hot messages as records over slices of the received bytes, with encoders whose lengths are known beforehand.
 *
 * <p>Entry points: {@link RaftRequest} for what a log entry holds, {@link Op} for the requests inside, {@link KeyValue}
 * for what the store holds. Reading follows Go's protobuf: the last of a repeated singular field wins, sub-messages
 * merge, a known field with another wire type is an unknown field. Everything here is immutable and free to share
 * between threads. The package knows no revision, lease or store; what the numbers mean is {@code mvcc}'s business.
 *
 * <p>Field numbers and types: etcd's public API, as in {@code src/main/proto}.
 */
@NullMarked
package io.binnacle.api.kv;

import org.jspecify.annotations.NullMarked;
