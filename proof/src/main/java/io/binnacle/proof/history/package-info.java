/**
 * Recorded histories of concurrent clients and the search for an order that explains them.
 *
 * <p>Entry point: {@link io.binnacle.proof.history.LinearizabilityChecker}. Owning thread: the caller's, unless a class says otherwise. Must not know: servers and the network.
 */
@NullMarked
package io.binnacle.proof.history;

import org.jspecify.annotations.NullMarked;
