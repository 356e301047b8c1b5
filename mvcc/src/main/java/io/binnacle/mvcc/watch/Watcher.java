package io.binnacle.mvcc.watch;

import io.binnacle.api.kv.WatchRequest;

/** One watcher. The loop of its shard owns it; its final fields may be read by the agent that catches it up. */
final class Watcher {

    /** Where a watcher stands. */
    enum State {
        /** Served from the shard's queue. */
        SYNCED,
        /** Waits until its client takes more. */
        LAGGING,
        /** Waits for a round of catching up. */
        UNSYNCED,
        /** In such a round. */
        SCANNED,
        /** Ended by a compaction; only its id lives on. */
        COMPACTED,
        /** Gone. */
        ENDED
    }

    final WatchStream stream;
    final WatchGroup group;
    final long id;
    final int flavor;
    final boolean fragment;
    final boolean progressNotify;
    /** The first revision that its client asked for; 0 for what is new. */
    final long start;

    State state = State.SYNCED;
    /**
     * The first revision that it may still get; everything below was sent or is not for it. While it is synced,
     * everything up to the shard's revision is dealt with too, and this number stays where it was when nothing is sent.
     */
    long next;
    /** The newest revision that any of its answers carried: no progress report goes back behind it. */
    long seen;
    /** Whether it was sent events since the last progress tick. */
    boolean sent;
    /** Its place in its group. */
    int place;

    Watcher(WatchStream stream, WatchGroup group, long id, WatchRequest.Create request, long next, long seen) {
        this.stream = stream;
        this.group = group;
        this.id = id;
        this.flavor = Flavor.of(request);
        this.fragment = request.fragment();
        this.progressNotify = request.progressNotify();
        this.start = request.startRevision();
        this.next = next;
        this.seen = seen;
    }
}
