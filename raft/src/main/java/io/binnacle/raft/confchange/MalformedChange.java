package io.binnacle.raft.confchange;

/** The data of a membership entry is no encoded change: the log or a peer is broken. */
public final class MalformedChange extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error with what was found. */
    public MalformedChange(String message) {
        super(message);
    }
}
