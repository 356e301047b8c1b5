package io.binnacle.server.apply;

import io.binnacle.base.Bytes;

/** What became of a command: the answer for its client, or why there is none. */
public sealed interface Outcome {

    /**
     * The command took effect.
     *
     * @param revision for the response header; 0 means the newest one
     * @param body the encoded response message without its header field
     */
    record Done(long revision, Bytes body) implements Outcome {}

    /** The command was refused; nothing changed, unless the reason says otherwise. */
    record Refused(Refusal why) implements Outcome {}
}
