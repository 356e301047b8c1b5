/**
 * Proofs on whole server processes, and the command that runs them in full.
 *
 * <p>Entry point: {@link io.binnacle.proof.Prove}. Owning thread: the caller's. Must not know: anything of a server's insides; a
 * server is a command line, a data directory and a port here.
 */
@NullMarked
package io.binnacle.proof;

import org.jspecify.annotations.NullMarked;
