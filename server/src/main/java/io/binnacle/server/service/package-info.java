/**
 * One class a gRPC service: from the wire to a command or a read, and from the outcome back to the wire; admission by
 * local facts (size, quota, backlog, identity).
 *
 * <p>Everything here runs on the event loop of the call and never blocks. It is written against the ports of
 * {@code rpc}, so it knows no socket and no Netty.
 */
@NullMarked
package io.binnacle.server.service;

import org.jspecify.annotations.NullMarked;
