package io.binnacle.rpc;

import io.binnacle.base.Bytes;

/**
 * What the service hears of one call, always on the call's loop. After {@link Call#finish} or {@link #cancelled}
 * nothing more is heard.
 */
public interface CallReceiver {

    /**
     * A whole message of the client, decompressed. For {@link CallKind#UNARY} and {@link CallKind#SERVER_STREAM} it
     * comes exactly once, without being requested, and {@link #halfClose} is not called; a client that ends such a
     * call without a message is answered by the transport. Otherwise at most as many come as were requested.
     */
    void message(Bytes message);

    /** The client of a client-streaming call sends no more messages; all requested ones have been delivered. */
    default void halfClose() {}

    /**
     * The call is over before the service finished it: the client cancelled or left, the deadline passed, or the
     * server stops. Nothing can be sent any more. Called at most once.
     */
    void cancelled(Status why);

    /** {@link Call#writable} has become true again after it was false. */
    default void writable() {}
}
