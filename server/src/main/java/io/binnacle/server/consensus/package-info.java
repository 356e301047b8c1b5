/**
 * The agents around the consensus core: proposals and reads in, entries to the log and to apply, outcomes back.
 *
 * <p>{@code Consensus} drives {@code raft}, {@code LogWriter} the log, {@code ApplyLoop} the state; they hand each other
 * work through bounded queues, so that each may have a thread, share one, or be driven by a simulator. {@code MemberStart}
 * puts one member together from its directory. Raft and storage never meet but here.
 */
@NullMarked
package io.binnacle.server.consensus;

import org.jspecify.annotations.NullMarked;
