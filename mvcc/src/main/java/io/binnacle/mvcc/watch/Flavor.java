package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.WatchRequest;

/** What makes the events of two watchers of the same range differ: a set of bits, so that it can be an array's index. */
final class Flavor {

    /** The number of flavors. */
    static final int COUNT = 8;

    private static final int NO_PUT = 1;
    private static final int NO_DELETE = 2;
    private static final int PREVIOUS = 4;

    private Flavor() {}

    static int of(WatchRequest.Create request) {
        return (request.noPut() ? NO_PUT : 0) | (request.noDelete() ? NO_DELETE : 0) | (request.prevKv() ? PREVIOUS : 0);
    }

    static boolean noPut(int flavor) {
        return (flavor & NO_PUT) != 0;
    }

    static boolean noDelete(int flavor) {
        return (flavor & NO_DELETE) != 0;
    }

    static boolean previous(int flavor) {
        return (flavor & PREVIOUS) != 0;
    }
}
