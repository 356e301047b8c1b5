/**
 * Requests as bytes: gRPC calls without message classes, HTTP/1.1 and cleartext HTTP/2 exchanges.
 *
 * <p>Entry point: {@link io.binnacle.proof.wire.RawCalls}. Owning thread: the caller's, unless a class says otherwise. Must not know: etcd's messages and the transcripts.
 */
@NullMarked
package io.binnacle.proof.wire;

import org.jspecify.annotations.NullMarked;
