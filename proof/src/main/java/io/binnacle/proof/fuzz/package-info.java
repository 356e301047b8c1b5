/**
 * Broken and odd requests to two servers, with equal answers.
 *
 * <p>Entry point: {@link io.binnacle.proof.fuzz.FuzzProof}. Owning thread: the caller's. Must not know: what the answers mean.
 */
@NullMarked
package io.binnacle.proof.fuzz;

import org.jspecify.annotations.NullMarked;
