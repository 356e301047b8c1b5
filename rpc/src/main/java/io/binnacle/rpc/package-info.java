/**
 * The ports of the gRPC and HTTP/1.1 server: what services are written against, free of Netty.
 *
 * <p>Entry points: {@link io.binnacle.rpc.RpcMethod} with its {@link io.binnacle.rpc.CallHandler} for gRPC methods,
 * {@link io.binnacle.rpc.HttpHandler} for HTTP/1.1. A call, an exchange and everything they call back belong to one
 * {@link io.binnacle.rpc.Loop} and are only touched on it; other threads reach them through
 * {@link io.binnacle.rpc.Loop#execute}. The socket adapter is {@code io.binnacle.rpc.netty}; a simulator implements
 * the same interfaces. Nothing here may know what the services do, nor any network library.
 */
@NullMarked
package io.binnacle.rpc;

import org.jspecify.annotations.NullMarked;
