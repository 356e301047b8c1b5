/**
 * A small typed client of the API and what it tells about a member's state.
 *
 * <p>Entry point: {@link io.binnacle.proof.client.EtcdClient}. Owning thread: the caller's, unless a class says otherwise. Must not know: how the server was started.
 */
@NullMarked
package io.binnacle.proof.client;

import org.jspecify.annotations.NullMarked;
