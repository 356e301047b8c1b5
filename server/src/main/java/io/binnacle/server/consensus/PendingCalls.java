package io.binnacle.server.consensus;

import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for an entry to be applied. The consensus agent adds and expires, the apply agent takes; whoever takes
 * a call out answers it, so each is answered once.
 */
final class PendingCalls {

    private final ConcurrentHashMap<Long, Proposal> byId = new ConcurrentHashMap<>();
    /** In order of arrival, which is that of the deadlines, since all wait equally long. Consensus agent only. */
    private final ArrayDeque<Proposal> byDeadline = new ArrayDeque<>();

    void add(Proposal proposal) {
        byId.put(proposal.id(), proposal);
        byDeadline.add(proposal);
    }

    /** The call that waits for this request, which from now on is the caller's to answer; null if none does. */
    @Nullable Proposal take(long requestId) {
        return byId.remove(requestId);
    }

    boolean waits(long requestId) {
        return byId.containsKey(requestId);
    }

    int size() {
        return byId.size();
    }

    /** Answers those whose time is over. */
    void expire(long nowNanos, Refusal why) {
        for (Proposal next = byDeadline.peek(); next != null; next = byDeadline.peek()) {
            boolean answered = !byId.containsKey(next.id());
            if (!answered && next.deadlineNanos() - nowNanos > 0) return;
            byDeadline.poll();
            if (!answered && byId.remove(next.id()) != null) next.completion().complete(new Outcome.Refused(why));
        }
    }

    /** Answers all that wait: the member stops. */
    void refuseAll(Refusal why) {
        List<Long> ids = new ArrayList<>(byId.keySet());
        for (Long id : ids) {
            Proposal proposal = byId.remove(id);
            if (proposal != null) proposal.completion().complete(new Outcome.Refused(why));
        }
        byDeadline.clear();
    }
}
