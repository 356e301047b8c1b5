package io.binnacle.rpc.netty;

/** A connection of either protocol, as the shutdown of its server sees it. On its loop. */
interface ServedConnection {

    /** Takes no new calls and closes once those under way have ended. */
    void drain();

    /** Ends all calls and closes. */
    void stop();
}
