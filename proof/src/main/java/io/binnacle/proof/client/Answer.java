package io.binnacle.proof.client;

/**
 * What a call gave.
 *
 * @param <T> the response message
 */
public sealed interface Answer<T> {
    /** The call succeeded. */
    record Done<T>(T response) implements Answer<T> {}

    /** It did not; {@code code} is the gRPC status code. */
    record Failed<T>(int code, String message) implements Answer<T> {
        /** Whether the request may have taken effect all the same: deadline exceeded, cancelled, unavailable, unknown. */
        public boolean unknownOutcome() {
            return code == 1 || code == 2 || code == 4 || code == 14;
        }
    }

    /** The response of a call that had to succeed. */
    default T orThrow() {
        return switch (this) {
            case Done<T>(T response) -> response;
            case Failed<T>(int code, String message) -> throw new IllegalStateException("call failed with " + code + ": " + message);
        };
    }
}
