package io.binnacle.proof.wire;

import java.util.Map;

/**
 * A finished HTTP exchange.
 *
 * @param status status code
 * @param headers response headers by lower-case name; the last of a repeated one
 * @param trailers HTTP/2 trailers, likewise
 * @param body the whole body
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes; never compared
public record Exchange(int status, Map<String, String> headers, Map<String, String> trailers, byte[] body) {
    /** Copies the maps. */
    public Exchange {
        headers = Map.copyOf(headers);
        trailers = Map.copyOf(trailers);
    }
}
