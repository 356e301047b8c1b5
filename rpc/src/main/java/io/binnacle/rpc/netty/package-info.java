/**
 * The socket adapter of the rpc ports: gRPC over cleartext HTTP/2 and HTTP/1.1 on one port, on Netty.
 *
 * <p>Entry points: {@link io.binnacle.rpc.netty.RpcLoops} (the threads) and {@link io.binnacle.rpc.netty.RpcServer}
 * (listeners). A connection and all its calls belong to one event loop and are never touched elsewhere. HTTP/2 is
 * written straight on Netty's connection handler, without a channel per stream: a small unary exchange is one read,
 * one copy to the heap, three frames and one flush for all that was answered in the same turn of the loop.
 *
 * <p>Bounds: a message by {@code receiveBytesMax}; what a client sends ahead by the stream's window (64 KiB); what
 * waits for a client by the water marks of its call; what waits for a socket by {@link
 * io.binnacle.rpc.netty.RpcConfig#SOCKET_BYTES_HIGH}, past which the connection is not read; headers by {@code
 * headerBytesMax}. The package must not know what the services do.
 */
@NullMarked
package io.binnacle.rpc.netty;

import org.jspecify.annotations.NullMarked;
