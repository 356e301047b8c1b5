package io.binnacle.bench.scenario;

import java.util.ArrayList;
import java.util.List;

/** What one run of a scenario on one server found. */
public final class Figures {

    /** A figure: its name with unit, and whether more of it is better. */
    public record Figure(String name, boolean moreIsBetter, double value) {}

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** Adds a figure of which less is better; NaN if it could not be had. */
    void less(String name, double value) {
        figures.add(new Figure(name, false, value));
    }

    /** Adds a figure of which more is better. */
    void more(String name, double value) {
        figures.add(new Figure(name, true, value));
    }

    /** Notes a failure unless the claim holds. */
    void check(boolean claim, String failure) {
        if (!claim) failures.add(failure);
    }

    /** The figures, in the order they were added. */
    public List<Figure> all() {
        return List.copyOf(figures);
    }

    /** What was not as it must be: the run's figures mean little then. */
    public List<String> failures() {
        return List.copyOf(failures);
    }
}
