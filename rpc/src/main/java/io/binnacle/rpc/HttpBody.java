package io.binnacle.rpc;

import io.binnacle.base.Bytes;

/** Receives a request's body as it arrives; on the exchange's loop. */
public interface HttpBody {

    /** The next bytes, never empty. */
    void chunk(Bytes bytes);

    /** The body is complete. */
    void end();
}
