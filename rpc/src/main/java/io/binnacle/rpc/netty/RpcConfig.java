package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import java.util.concurrent.TimeUnit;

/**
 * The limits of a server. Build one with {@link #defaults} and the {@code with} methods.
 *
 * @param receiveBytesMax the longest message accepted, in bytes, after decompression too
 * @param maxConcurrentStreams calls open at once per connection; 0 or 2^32-1 for no limit, which is then not announced
 * @param headerBytesMax the longest header list accepted, in bytes as HTTP/2 counts them (and the longest HTTP/1 head)
 * @param keepAliveMinNanos the shortest time between pings that a client with open calls may leave
 * @param keepAliveIntervalNanos the server pings a connection that was silent so long; 0 for never
 * @param keepAliveTimeoutNanos and closes it if nothing arrives within this time; 0 for never pinging
 * @param headReadNanos how long a client may take until its first request line or preface is there
 * @param connectionsMax connections open at once per listener; further ones wait in the kernel; 0 for no limit
 * @param queueBytesHigh a call is not writable from this number of waiting bytes on
 * @param queueBytesLow and is again at this number
 */
public record RpcConfig(
        int receiveBytesMax,
        long maxConcurrentStreams,
        int headerBytesMax,
        long keepAliveMinNanos,
        long keepAliveIntervalNanos,
        long keepAliveTimeoutNanos,
        long headReadNanos,
        int connectionsMax,
        int queueBytesHigh,
        int queueBytesLow) {

    /** Past so many bytes waiting for a socket, its connection is neither read nor fed with data frames. */
    static final int SOCKET_BYTES_HIGH = 256 * 1024;

    /** And is again at this number. */
    static final int SOCKET_BYTES_LOW = 64 * 1024;

    /** The frame size announced and used; the smallest that HTTP/2 allows. */
    static final int FRAME_BYTES_MAX = 16384;

    /** The number that means no limit of streams. */
    static final long STREAMS_UNLIMITED = 0xffffffffL;

    /** Checks the ranges. */
    public RpcConfig {
        Check.that(receiveBytesMax > 0, "receiveBytesMax must be positive");
        Check.that(maxConcurrentStreams >= 0 && maxConcurrentStreams <= STREAMS_UNLIMITED, "streams out of range");
        Check.that(headerBytesMax >= 8192, "headers need at least 8 KiB");
        Check.that(queueBytesLow >= 0 && queueBytesLow < queueBytesHigh, "water marks out of order");
        Check.that((keepAliveMinNanos | keepAliveIntervalNanos | keepAliveTimeoutNanos) >= 0, "negative keep-alive");
    }

    /** 4 MiB messages, no stream limit, 1 MiB headers, client pings 5 s apart, server pings after 2 h with 20 s. */
    public static RpcConfig defaults() {
        return new RpcConfig(
                4 << 20,
                STREAMS_UNLIMITED,
                1 << 20,
                TimeUnit.SECONDS.toNanos(5),
                TimeUnit.HOURS.toNanos(2),
                TimeUnit.SECONDS.toNanos(20),
                TimeUnit.MINUTES.toNanos(5),
                0,
                256 * 1024,
                64 * 1024);
    }

    /** With another message limit. */
    public RpcConfig withReceiveBytesMax(int bytes) {
        return new RpcConfig(bytes, maxConcurrentStreams, headerBytesMax, keepAliveMinNanos, keepAliveIntervalNanos,
                keepAliveTimeoutNanos, headReadNanos, connectionsMax, queueBytesHigh, queueBytesLow);
    }

    /** With another stream limit. */
    public RpcConfig withMaxConcurrentStreams(long streams) {
        return new RpcConfig(receiveBytesMax, streams, headerBytesMax, keepAliveMinNanos, keepAliveIntervalNanos,
                keepAliveTimeoutNanos, headReadNanos, connectionsMax, queueBytesHigh, queueBytesLow);
    }

    /** With another header limit. */
    public RpcConfig withHeaderBytesMax(int bytes) {
        return new RpcConfig(receiveBytesMax, maxConcurrentStreams, bytes, keepAliveMinNanos, keepAliveIntervalNanos,
                keepAliveTimeoutNanos, headReadNanos, connectionsMax, queueBytesHigh, queueBytesLow);
    }

    /** With other keep-alive rules, all in nanoseconds. */
    public RpcConfig withKeepAlive(long minNanos, long intervalNanos, long timeoutNanos) {
        return new RpcConfig(receiveBytesMax, maxConcurrentStreams, headerBytesMax, minNanos, intervalNanos,
                timeoutNanos, headReadNanos, connectionsMax, queueBytesHigh, queueBytesLow);
    }

    /** With another connection limit. */
    public RpcConfig withConnectionsMax(int connections) {
        return new RpcConfig(receiveBytesMax, maxConcurrentStreams, headerBytesMax, keepAliveMinNanos,
                keepAliveIntervalNanos, keepAliveTimeoutNanos, headReadNanos, connections, queueBytesHigh,
                queueBytesLow);
    }

    boolean limitsStreams() {
        return maxConcurrentStreams != 0 && maxConcurrentStreams != STREAMS_UNLIMITED;
    }

    boolean pings() {
        return keepAliveIntervalNanos > 0 && keepAliveTimeoutNanos > 0;
    }
}
