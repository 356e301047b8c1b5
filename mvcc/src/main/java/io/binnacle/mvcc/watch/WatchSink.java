package io.binnacle.mvcc.watch;

import io.binnacle.base.Bytes;

/** Where one stream's answers go. Called on the loop of the stream's shard only. */
public interface WatchSink {

    /** False while too much waits for the client; {@link WatchStream#writable} is to be called when that ends. */
    boolean writable();

    /** Sends an encoded WatchResponse, which other streams may share. Never dropped, even if not writable. */
    void send(Bytes watchResponse);
}
