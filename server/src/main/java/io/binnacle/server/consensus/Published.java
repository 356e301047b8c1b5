package io.binnacle.server.consensus;

import io.binnacle.mvcc.MvccView;
import io.binnacle.server.apply.AuthView;

/**
 * What readers see: the state after one batch of entries. Immutable; the key-value part must be held while it is read.
 *
 * @param kv keys and values
 * @param auth users and roles at the same moment
 * @param appliedIndex the last entry in it
 * @param appliedTerm that entry's term, which every response header carries
 */
public record Published(MvccView kv, AuthView auth, long appliedIndex, long appliedTerm) {}
