package io.binnacle.server.apply;

import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A union of key intervals, merged where they overlap or touch, that tells whether it covers another interval whole.
 * Immutable.
 */
final class KeyIntervals {

    /** Half open; no end means up to the last key there could be. */
    private record Interval(Bytes from, @Nullable Bytes to) {

        /** Reads etcd's pair: an empty end is the one key, a single zero byte everything from it on. */
        static Interval of(Bytes key, Bytes end) {
            if (end.isEmpty()) return new Interval(key, key.append((byte) 0));
            if (end.length() == 1 && end.at(0) == 0) return new Interval(key, null);
            return new Interval(key, end);
        }

        boolean isEmpty() {
            return to != null && to.compareTo(from) <= 0;
        }
    }

    private final Interval[] merged; // ascending, disjoint, not touching

    private KeyIntervals(Interval[] merged) {
        this.merged = merged;
    }

    /**
     * Whether the interval lies within the union. An interval that ends at or before its key is judged like the key
     * alone, as etcd does.
     */
    boolean cover(Bytes key, Bytes end) {
        Interval asked = Interval.of(key, end);
        if (asked.isEmpty()) asked = Interval.of(key, Bytes.EMPTY);
        int low = 0;
        int high = merged.length - 1;
        while (low < high) { // the last interval that begins at or before the key
            int middle = (low + high + 1) >>> 1;
            if (merged[middle].from().compareTo(key) <= 0) low = middle;
            else high = middle - 1;
        }
        if (merged.length == 0 || merged[low].from().compareTo(key) > 0) return false;
        Bytes limit = merged[low].to();
        if (limit == null) return true;
        return asked.to() != null && asked.to().compareTo(limit) <= 0;
    }

    /** Collects intervals in any order. */
    static final class Builder {

        private final List<Interval> intervals = new ArrayList<>();

        void add(Bytes key, Bytes end) {
            Interval interval = Interval.of(key, end);
            if (!interval.isEmpty()) intervals.add(interval);
        }

        KeyIntervals build() {
            intervals.sort(Comparator.comparing(Interval::from));
            List<Interval> merged = new ArrayList<>();
            for (Interval next : intervals) {
                Interval last = merged.isEmpty() ? null : merged.getLast();
                if (last == null || (last.to() != null && last.to().compareTo(next.from()) < 0)) {
                    merged.add(next);
                } else if (last.to() != null && (next.to() == null || next.to().compareTo(last.to()) > 0)) {
                    merged.set(merged.size() - 1, new Interval(last.from(), next.to()));
                }
            }
            return new KeyIntervals(merged.toArray(Interval[]::new));
        }
    }
}
