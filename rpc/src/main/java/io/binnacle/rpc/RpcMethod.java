package io.binnacle.rpc;

/**
 * One gRPC method that a server offers.
 *
 * @param service the full name of the service, such as {@code package.Service}
 * @param method the name of the method
 * @param kind which sides stream
 * @param handler starts a call of it
 */
public record RpcMethod(String service, String method, CallKind kind, CallHandler handler) {

    /** The path of the request: {@code /service/method}. */
    public String path() {
        return "/" + service + "/" + method;
    }
}
