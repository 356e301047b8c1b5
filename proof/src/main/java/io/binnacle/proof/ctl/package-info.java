/**
 * A scenario of the real etcdctl against two servers, with equal outputs.
 *
 * <p>Entry point: {@link io.binnacle.proof.ctl.CtlScenario}. Owning thread: the caller's, unless a class says otherwise. Must not know: the API.
 */
@NullMarked
package io.binnacle.proof.ctl;

import org.jspecify.annotations.NullMarked;
