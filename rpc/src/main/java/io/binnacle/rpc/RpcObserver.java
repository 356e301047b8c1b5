package io.binnacle.rpc;

/** Where a server reports what it does, for metrics. Called on the loops, so it must be quick and thread-safe. */
public interface RpcObserver {

    /** An observer that ignores everything. */
    RpcObserver NONE = new RpcObserver() {};

    /** A connection was accepted on a loop. */
    default void connectionOpened(int loopIndex) {}

    /** A connection reported by {@link #connectionOpened} is gone. */
    default void connectionClosed(int loopIndex) {}

    /** The counters of one method on one loop; asked once for each at start, so updates need not contend. */
    default MethodObserver method(RpcMethod method, int loopIndex) {
        return MethodObserver.NONE;
    }

    /** Counters of one method on one loop; called on that loop only. */
    interface MethodObserver {

        /** Ignores everything. */
        MethodObserver NONE = new MethodObserver() {};

        /** A call has begun. */
        default void started() {}

        /** A message has arrived; {@code bytes} is its length decompressed. */
        default void received(long bytes) {}

        /** A message was handed to the connection; {@code bytes} is its length before compression. */
        default void sent(long bytes) {}

        /** A call has ended, {@code nanos} after it began. Every {@link #started} is followed by one. */
        default void handled(Code code, long nanos) {}
    }
}
