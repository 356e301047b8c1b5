/**
 * What a leader knows of each member: how far its log matches, what is on its way to it, whether it answers; and the
 * votes of an election.
 *
 * <p>Entry point {@link io.binnacle.raft.tracker.Tracker}. Owned by the consensus thread. Sends nothing.
 */
@NullMarked
package io.binnacle.raft.tracker;

import org.jspecify.annotations.NullMarked;
