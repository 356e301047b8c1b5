package io.binnacle.rpc;

/**
 * How a call ended.
 *
 * @param code the code
 * @param message text for the caller, in plain characters (the transport percent-encodes it); empty for none
 */
public record Status(Code code, String message) {

    /** Success. */
    public static final Status OK = new Status(Code.OK, "");

    /** Whether this is success. */
    public boolean ok() {
        return code == Code.OK;
    }
}
