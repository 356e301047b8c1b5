package io.binnacle.server.boot;

/** The command line is wrong in its syntax or a value's type: the text is shown with the usage, exit code 2. */
final class FlagError extends Exception {
    private static final long serialVersionUID = 1L;

    FlagError(String message) {
        super(message);
    }
}
