package io.binnacle.server.consensus;

/** A member cannot start from what its configuration and its directory hold; the text says what, where and why. */
public final class StartError extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a reason. */
    public StartError(String message) {
        super(message);
    }

    /** With a reason and where it came from. */
    public StartError(String message, Throwable cause) {
        super(message, cause);
    }
}
