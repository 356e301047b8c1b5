package io.binnacle.api.wire;

/** Bytes that are no protocol-buffer message of the wanted type. Carries no stack trace: it speaks of input, not of code. */
public final class ProtoFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the error with what was found. */
    public ProtoFormatException(String message) {
        super(message, null, false, false);
    }
}
