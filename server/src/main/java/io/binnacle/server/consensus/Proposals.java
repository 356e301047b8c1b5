package io.binnacle.server.consensus;

import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.kv.RequestHeader;
import io.binnacle.base.Bytes;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.server.apply.Completion;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;

/** The door to the log for every other room. Safe for all threads. */
public final class Proposals {

    private final Consensus consensus;
    private final RequestIds ids;
    private final Clock clock;
    private final Waker waker;
    private final long timeoutNanos;

    Proposals(Consensus consensus, RequestIds ids, Clock clock, Waker waker, long timeoutNanos) {
        this.consensus = consensus;
        this.ids = ids;
        this.clock = clock;
        this.waker = waker;
        this.timeoutNanos = timeoutNanos;
    }

    /** A new request id. */
    public long nextId() {
        return ids.next();
    }

    /** Puts a request into the log whatever its size: for what the member itself wants. */
    public void propose(Kind kind, Bytes request, Identity who, Completion completion) {
        propose(kind, request, who, Integer.MAX_VALUE, completion);
    }

    /**
     * Puts a request into the log. Refused at once, through the completion, are entries that would be too long, and any
     * while apply lags too far behind.
     *
     * @param entryBytesMax the longest entry allowed
     * @param completion called once, on any agent's thread or on this one
     */
    public void propose(Kind kind, Bytes request, Identity who, int entryBytesMax, Completion completion) {
        if (consensus.overloaded()) {
            completion.complete(new Outcome.Refused(Refusal.TOO_MANY_REQUESTS));
            return;
        }
        long id = ids.next();
        Bytes entry = RaftRequest.encode(kind, request, new RequestHeader(id, who.user(), who.authRevision()));
        if (entry.length() > entryBytesMax) {
            completion.complete(new Outcome.Refused(Refusal.REQUEST_TOO_LARGE));
            return;
        }
        if (consensus.propose(new Proposal(id, entry, clock.nanoTime() + timeoutNanos, completion))) waker.wake();
        else completion.complete(new Outcome.Refused(Refusal.TOO_MANY_REQUESTS));
    }
}
