package io.binnacle.proof.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches a sequential order of a concurrent history that respects real time and explains every answer: Wing and Gong's search
 * (JPDC 1993) with Lowe's memory of states already refuted (CCPE 2017). One thread.
 */
public final class LinearizabilityChecker {
    /** What the search found. */
    public sealed interface Verdict {}

    /** There is such an order. */
    public record Linearizable() implements Verdict {}

    /** There is none; {@code stuckAt} is the answered operation that no order got past, {@code explained} the longest order's length. */
    public record NotLinearizable(Operation stuckAt, int explained) implements Verdict {}

    /** The search was given up after its bound of steps. */
    public record Undecided(long steps) implements Verdict {}

    private record Seen(BitSet done, Store state) {}

    private record Choice(Event call, Store before) {}

    /** A call or a return in the list of events by time; a lifted operation is taken out and may be put back. */
    private static final class Event {
        final int operation;
        final boolean call;
        @Nullable Event match; // of a call: its return
        @Nullable Event previous;
        @Nullable Event next;

        Event(int operation, boolean call) {
            this.operation = operation;
            this.call = call;
        }
    }

    private final List<Operation> operations;
    private final long stepsMax;
    private final Event head = new Event(-1, false);

    private LinearizabilityChecker(List<Operation> operations, long stepsMax) {
        this.operations = operations;
        this.stepsMax = stepsMax;
    }

    /** Checks a history that begins with a given state of the store. */
    public static Verdict check(List<Operation> history, Store start, long stepsMax) {
        LinearizabilityChecker checker = new LinearizabilityChecker(List.copyOf(history), stepsMax);
        checker.link();
        return checker.search(start);
    }

    private record Timed(long nanos, int order, Event event) {}

    private void link() {
        List<Timed> times = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            Event call = new Event(i, true);
            Event end = new Event(i, false);
            call.match = end;
            times.add(new Timed(operation.callNanos(), 0, call));
            times.add(new Timed(operation.output() == null ? Long.MAX_VALUE : operation.returnNanos(), 1, end));
        }
        times.sort(Comparator.comparingLong(Timed::nanos).thenComparingInt(Timed::order)); // equal times overlap: calls first
        Event last = head;
        for (Timed timed : times) {
            last.next = timed.event();
            timed.event().previous = last;
            last = timed.event();
        }
    }

    private Verdict search(Store start) {
        Store state = start;
        BitSet done = new BitSet(operations.size());
        Set<Seen> refuted = new HashSet<>();
        Deque<Choice> chosen = new ArrayDeque<>();
        int deepest = -1;
        Operation stuckAt = operations.isEmpty() ? null : operations.getFirst();
        Event at = head.next;
        for (long steps = 0; head.next != null; steps++) {
            if (steps > stepsMax) {
                return new Undecided(steps);
            }
            if (at != null && at.call) {
                Optional<Store> after = state.step(operations.get(at.operation));
                done.set(at.operation);
                if (after.isPresent() && refuted.add(new Seen((BitSet) done.clone(), after.get()))) {
                    chosen.push(new Choice(at, state));
                    state = after.get();
                    lift(at);
                    at = head.next;
                } else {
                    done.clear(at.operation);
                    at = at.next;
                }
                continue;
            }
            // A return whose call was not chosen: everything that could come before it has been tried.
            if (at == null || operations.get(at.operation).output() == null) {
                return new Linearizable(); // only unknown outcomes are left, and they may never have happened
            }
            if (chosen.size() > deepest) {
                deepest = chosen.size();
                stuckAt = operations.get(at.operation);
            }
            if (chosen.isEmpty()) {
                return new NotLinearizable(Objects.requireNonNull(stuckAt), deepest);
            }
            Choice undone = chosen.pop();
            state = undone.before();
            done.clear(undone.call().operation);
            restore(undone.call());
            at = undone.call().next;
        }
        return new Linearizable();
    }

    private static void lift(Event call) {
        unlink(call);
        if (call.match != null) {
            unlink(call.match);
        }
    }

    private static void unlink(Event event) {
        if (event.previous != null) {
            event.previous.next = event.next;
        }
        if (event.next != null) {
            event.next.previous = event.previous;
        }
    }

    private static void restore(Event call) {
        if (call.match != null) {
            relink(call.match);
        }
        relink(call);
    }

    private static void relink(Event event) {
        if (event.previous != null) {
            event.previous.next = event;
        }
        if (event.next != null) {
            event.next.previous = event;
        }
    }
}
