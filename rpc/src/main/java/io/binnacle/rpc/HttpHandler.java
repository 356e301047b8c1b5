package io.binnacle.rpc;

/** Answers HTTP/1.1 requests. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * A request's head has arrived. Runs on the exchange's loop and must not block. The handler reads the body if it
     * wants one, and answers now or later; pipelined requests wait until this one is answered.
     */
    void handle(HttpExchange exchange);
}
