/**
 * Recorded data directories and damage: restores them, starts servers on them, compares.
 *
 * <p>Entry point: {@link io.binnacle.proof.golden.GoldenDirectory}. Owning thread: the caller's, unless a class says otherwise. Must not know: file formats; it asks servers.
 */
@NullMarked
package io.binnacle.proof.golden;

import org.jspecify.annotations.NullMarked;
