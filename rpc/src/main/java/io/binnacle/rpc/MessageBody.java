package io.binnacle.rpc;

import io.binnacle.base.Bytes;

/** The bytes of one long message, made when they are wanted. Owned by the loop of the call it was handed to. */
public interface MessageBody extends AutoCloseable {

    /**
     * The next bytes: at least one and at most {@code maxBytes}, unless all have been given.
     *
     * @throws RuntimeException if they can't be made; the call then ends with code INTERNAL and the text
     */
    Bytes next(int maxBytes);

    /** Releases what the body holds; called once, early if the client leaves. */
    @Override
    void close();
}
