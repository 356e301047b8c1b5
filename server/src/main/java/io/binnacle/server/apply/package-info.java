/**
 * Commands in log order on keys, leases, users, alarms and membership: same log, same state.
 *
 * <p>Entry point is {@code Applier}. Everything that changes state is called by the apply agent alone; what other
 * threads read is immutable ({@code AuthView}, the store's view) or safe for them ({@code Leases} says what). Nothing
 * here reads a clock, draws a random number or knows of a network; admission by local facts belongs to the services.
 */
@NullMarked
package io.binnacle.server.apply;

import org.jspecify.annotations.NullMarked;
