package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of calls: a hashed wheel of intrusive lists, so that setting and clearing one costs a few stores. A
 * deadline fires at most one tick late and never early. The wheel turns only while something is on it. Owned by one
 * event loop.
 */
final class DeadlineWheel {

    /** How coarse deadlines are. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int SLOTS = 1024; // a power of two: five seconds a turn

    private final @Nullable Deadline[] slots = new Deadline[SLOTS];
    private final long originNanos;
    private long tick; // all slots up to this one have been visited
    private int waiting;

    /** Starts at a time of the loop's clock. */
    DeadlineWheel(long nowNanos) {
        originNanos = nowNanos;
    }

    /** One entry; subclassed by what waits. */
    abstract static class Deadline {
        private @Nullable Deadline previous;
        private @Nullable Deadline next;
        private long atTick = -1; // not on the wheel

        /** The time has come; the entry is off the wheel already. */
        abstract void expired();
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting == 0;
    }

    /** Puts an entry on the wheel. */
    void add(Deadline deadline, long nowNanos, long atNanos) {
        Check.that(deadline.atTick < 0, "deadline set twice");
        if (waiting == 0) tick = Math.max(tick, ticks(nowNanos)); // it stood still while empty
        deadline.atTick = Math.max(tick + 1, ticks(atNanos) + 1);
        int slot = (int) (deadline.atTick & (SLOTS - 1));
        Deadline head = slots[slot];
        deadline.next = head;
        if (head != null) head.previous = deadline;
        slots[slot] = deadline;
        waiting++;
    }

    /** Takes an entry off, if it is on. */
    void remove(Deadline deadline) {
        if (deadline.atTick < 0) return;
        Deadline next = deadline.next;
        Deadline previous = deadline.previous;
        if (next != null) next.previous = previous;
        if (previous != null) previous.next = next;
        else slots[(int) (deadline.atTick & (SLOTS - 1))] = next;
        deadline.next = null;
        deadline.previous = null;
        deadline.atTick = -1;
        waiting--;
    }

    /** Fires what is due. */
    void advance(long nowNanos) {
        long until = ticks(nowNanos);
        long from = Math.max(tick + 1, until - SLOTS + 1); // a full turn visits everything
        tick = until;
        for (long at = from; at <= until && waiting > 0; at++) fire((int) (at & (SLOTS - 1)), until);
    }

    private void fire(int slot, long until) {
        Deadline deadline = slots[slot];
        while (deadline != null) {
            Deadline next = deadline.next;
            if (deadline.atTick <= until) {
                remove(deadline);
                deadline.expired(); // may add to later ticks and remove any, hence the fresh look below
                next = slots[slot];
                while (next != null && next.atTick > until) next = next.next;
            }
            deadline = next;
        }
    }

    private long ticks(long nanos) {
        return Math.max(0, (nanos - originNanos) / TICK_NANOS);
    }
}
