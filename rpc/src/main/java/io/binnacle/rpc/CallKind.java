package io.binnacle.rpc;

/** How many messages go in each direction of a call. */
public enum CallKind {
    /** One request, one response. */
    UNARY(false, false),
    /** One request, any number of responses. */
    SERVER_STREAM(false, true),
    /** Any number of requests, one response. */
    CLIENT_STREAM(true, false),
    /** Any number of messages both ways, independently of each other. */
    BIDI(true, true);

    private final boolean clientStreams;
    private final boolean serverStreams;

    CallKind(boolean clientStreams, boolean serverStreams) {
        this.clientStreams = clientStreams;
        this.serverStreams = serverStreams;
    }

    /** Whether the client may send other than exactly one message. */
    public boolean clientStreams() {
        return clientStreams;
    }

    /** Whether the server may send other than exactly one message. */
    public boolean serverStreams() {
        return serverStreams;
    }
}
