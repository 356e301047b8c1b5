package io.binnacle.server.consensus;

import io.binnacle.io.Clock;
import io.binnacle.server.apply.Leases;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Lets leases expire while this member leads: promoted with the first entry of its own term, demoted when it loses the
 * lead (shared contract: api.md §7.6, §7.7). A part of the apply agent.
 */
final class LeaseKeeper {

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Expired leases handed out per period, so at most 1000 a second. */
    private static final int EXPIRED_MAX = 500;

    private final Leases leases;
    private final Clock clock;
    private final Supplier<Leadership> leadership;
    private final LongConsumer revoke;
    private final long electionNanos;
    private long primaryTerm = -1;
    private long nextNanos;

    /** {@code revoke} proposes the end of a lease by its id; what is not done in time is handed out again. */
    LeaseKeeper(Leases leases, Clock clock, Supplier<Leadership> leadership, LongConsumer revoke, long electionNanos) {
        this.leases = leases;
        this.clock = clock;
        this.leadership = leadership;
        this.revoke = revoke;
        this.electionNanos = electionNanos;
        this.nextNanos = clock.nanoTime();
    }

    /** One turn; {@code appliedTerm} is that of the last applied entry. */
    int doWork(long appliedTerm) {
        Leadership now = leadership.get();
        if (leases.primary() && (!now.local() || now.term() != primaryTerm)) leases.demote();
        if (!leases.primary() && now.local() && now.term() == appliedTerm) {
            primaryTerm = appliedTerm;
            leases.promote(electionNanos, clock.nanoTime());
        }
        long nanos = clock.nanoTime();
        if (nanos - nextNanos < 0) return 0;
        nextNanos = nanos + PERIOD_NANOS;
        if (!leases.primary()) return 0;
        List<Long> expired = leases.takeExpired(EXPIRED_MAX, nanos);
        for (Long id : expired) revoke.accept(id);
        return expired.size();
    }

    long nextDeadlineNanos() {
        return nextNanos;
    }
}
