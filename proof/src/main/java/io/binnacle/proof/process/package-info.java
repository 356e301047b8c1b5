/**
 * Server and tool processes on this machine: where their commands are, how they start, stop, die and come back.
 *
 * <p>Entry point: {@link io.binnacle.proof.process.ServerProcess}. Owning thread: the caller's, unless a class says otherwise. Must not know: what a proof does with them.
 */
@NullMarked
package io.binnacle.proof.process;

import org.jspecify.annotations.NullMarked;
