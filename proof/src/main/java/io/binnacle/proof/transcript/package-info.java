/**
 * Replays recorded API scenarios against a server and lists where its answers differ.
 *
 * <p>Entry point: {@link io.binnacle.proof.transcript.Replayer}. Owning thread: the caller's, unless a class says otherwise. Must not know: which server it talks to.
 */
@NullMarked
package io.binnacle.proof.transcript;

import org.jspecify.annotations.NullMarked;
