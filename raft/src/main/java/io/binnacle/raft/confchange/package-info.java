/**
 * Changes of the membership: one at a time, or many through a joint membership (thesis chapter 4).
 *
 * <p>Entry points: {@link io.binnacle.raft.confchange.Changer}, which computes the next membership from the present one
 * and changes nothing, and {@link io.binnacle.raft.confchange.MembershipChange}, what entries carry. Knows nothing of
 * roles or messages.
 */
@NullMarked
package io.binnacle.raft.confchange;

import org.jspecify.annotations.NullMarked;
