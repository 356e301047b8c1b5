package io.binnacle.proof.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Which steps of which scenarios a release promises. A text file: one scenario a line, {@code name} for all steps or
 * {@code name 1-40,45,50-} for some; {@code #} begins a remark. Immutable.
 */
public final class Selection {
    private final Map<String, List<Range>> ranges;

    private record Range(int from, int to) {}

    private Selection(Map<String, List<Range>> ranges) {
        this.ranges = Collections.unmodifiableMap(ranges);
    }

    /** Reads the file. */
    public static Selection read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static Selection parse(List<String> lines) {
        Map<String, List<Range>> ranges = new LinkedHashMap<>();
        for (String line : lines) {
            int remark = line.indexOf('#');
            String text = (remark < 0 ? line : line.substring(0, remark)).strip();
            if (!text.isEmpty()) {
                int gap = text.indexOf(' ');
                String name = gap < 0 ? text : text.substring(0, gap);
                ranges.put(name, gap < 0 ? List.of(new Range(1, Integer.MAX_VALUE)) : ranges(text.substring(gap + 1)));
            }
        }
        return new Selection(ranges);
    }

    private static List<Range> ranges(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.strip().split(",", -1)) {
            int dash = part.indexOf('-');
            int from = Integer.parseInt((dash < 0 ? part : part.substring(0, dash)).strip());
            String to = dash < 0 ? part : part.substring(dash + 1);
            ranges.add(new Range(from, to.isBlank() ? Integer.MAX_VALUE : Integer.parseInt(to.strip())));
        }
        return ranges;
    }

    /** The scenarios named. */
    public List<String> scenarios() {
        return List.copyOf(ranges.keySet());
    }

    /** Whether a step of a scenario, counted from 1, is promised. */
    public IntPredicate steps(String scenario) {
        List<Range> selected = ranges.getOrDefault(scenario, List.of());
        return step -> selected.stream().anyMatch(range -> range.from() <= step && step <= range.to());
    }
}
