package io.binnacle.server.consensus;

import io.binnacle.server.apply.Refusal;

/** Someone who waits until what is published is new enough to be read. Called once, on any thread. */
public interface LinearizableRead {

    /** The newest published state holds every write that was acknowledged before the read was asked for. */
    void ready();

    /** It will not in time. */
    void refused(Refusal why);
}
