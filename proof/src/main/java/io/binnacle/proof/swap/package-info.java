/**
 * Proof that a data directory may change hands between servers and loses nothing.
 *
 * <p>Entry point: {@link io.binnacle.proof.swap.SwapProof}. Owning thread: the caller's, unless a class says otherwise. Must not know: file formats; it asks servers and etcdutl.
 */
@NullMarked
package io.binnacle.proof.swap;

import org.jspecify.annotations.NullMarked;
