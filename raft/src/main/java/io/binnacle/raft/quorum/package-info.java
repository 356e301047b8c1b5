/**
 * Who agreed: sets of members, majorities, and the two overlapping majorities of a joint membership (thesis §4.3).
 *
 * <p>Immutable values without allocation when asked. Entry point {@link io.binnacle.raft.quorum.JointQuorum}. Knows
 * nothing of logs or messages.
 */
@NullMarked
package io.binnacle.raft.quorum;

import org.jspecify.annotations.NullMarked;
