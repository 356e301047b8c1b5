/**
 * The state machine: roles, elections, replication, reads and membership, split by what they are about.
 *
 * <p>Entry point and only public type but for its status: {@link io.binnacle.raft.core.RaftNode}. Owned by the consensus
 * thread. {@code Core} holds the state and the transitions between roles; {@code LeaderRole}, {@code CandidateRole} and
 * {@code FollowerRole} say what each message means to whom; {@code Elections}, {@code Replication}, {@code Reads} and
 * {@code Memberships} do it. Reads no clock, draws chance only from the generator it is given, does no I/O.
 */
@NullMarked
package io.binnacle.raft.core;

import org.jspecify.annotations.NullMarked;
