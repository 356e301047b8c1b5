package io.binnacle.proof.transcript;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a server answered one scenario.
 *
 * @param scenario its name
 * @param steps how many steps it has
 * @param differences the differing steps, counted from 1, and what differs in each
 */
public record Report(String scenario, int steps, SortedMap<Integer, List<String>> differences) {
    /** Copies the map. */
    public Report {
        differences = new TreeMap<>(differences);
    }

    /** One line: {@code kv-put: 50 of 50 steps equal}. */
    public String summary() {
        return scenario + ": " + (steps - differences.size()) + " of " + steps + " steps equal";
    }

    /** The first differences, a step a line. */
    public String detail(int most) {
        StringBuilder text = new StringBuilder();
        differences.entrySet().stream()
                .limit(most)
                .forEach(e -> text.append("  ").append(scenario).append(" step ").append(e.getKey()).append(": ")
                        .append(String.join("; ", e.getValue())).append('\n'));
        return text.toString();
    }
}
