package io.binnacle.backend;

import io.binnacle.base.Check;
import java.util.ArrayList;
import java.util.List;

/** Actions that run when something settles, each at once if it has settled before it came. */
final class SettleAction {

    /** Callers who may wait for one thing: more of them are a mistake of theirs. */
    private static final int ACTIONS_MAX = 100_000;

    private final List<Runnable> actions = new ArrayList<>(1);
    private boolean settled;

    /** Takes an action; runs it here if the outcome is known already. */
    void add(Runnable next) {
        synchronized (this) {
            if (!settled) {
                Check.that(actions.size() < ACTIONS_MAX, "too many wait for one outcome");
                actions.add(next);
                return;
            }
        }
        next.run();
    }

    /** The outcome is known and visible to all threads; a second call does nothing. */
    void settle() {
        List<Runnable> due;
        synchronized (this) {
            if (settled) return;
            settled = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }
}
