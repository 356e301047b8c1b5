/**
 * Proof that a killed server loses nothing it acknowledged.
 *
 * <p>Entry point: {@link io.binnacle.proof.kill.KillProof}. Owning thread: the caller's, unless a class says otherwise. Must not know: file formats.
 */
@NullMarked
package io.binnacle.proof.kill;

import org.jspecify.annotations.NullMarked;
