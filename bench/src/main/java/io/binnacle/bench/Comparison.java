package io.binnacle.bench;

import io.binnacle.bench.scenario.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The runs of one scenario on both servers, pair by pair, and the table made of them. A ratio is taken within a pair, whose
 * runs follow each other, so that what changes slowly on the machine cancels.
 */
final class Comparison {

    private final List<Figures> a = new ArrayList<>();
    private final List<Figures> b = new ArrayList<>();

    void add(Figures ofA, Figures ofB) {
        a.add(ofA);
        b.add(ofB);
    }

    /** What went wrong in any run, with server and number. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (int run = 0; run < a.size(); run++) {
            for (String failure : a.get(run).failures()) failures.add("A, run " + (run + 1) + ": " + failure);
            for (String failure : b.get(run).failures()) failures.add("B, run " + (run + 1) + ": " + failure);
        }
        return failures;
    }

    /** Markdown: median and spread of each server, and of the pairs' ratios; empty before the first pair. */
    String table() {
        if (a.isEmpty()) return "";
        StringBuilder table = new StringBuilder("""
                | figure | A: median (min–max) | B: median (min–max) | A / B: median (min–max) | better |
                |---|---:|---:|---:|---|
                """);
        List<Figures.Figure> first = a.getFirst().all();
        for (int figure = 0; figure < first.size(); figure++) {
            double[] ofA = values(a, figure);
            double[] ofB = values(b, figure);
            double[] ratios = new double[ofA.length];
            for (int run = 0; run < ratios.length; run++) ratios[run] = ofA[run] / ofB[run];
            double ratio = median(ratios);
            boolean moreIsBetter = first.get(figure).moreIsBetter();
            table.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s |%n", first.get(figure).name(),
                    spread(ofA), spread(ofB), spread(ratios), better(ratio, moreIsBetter)));
        }
        return table.toString();
    }

    private static String better(double ratio, boolean moreIsBetter) {
        if (!Double.isFinite(ratio) || ratio == 1) return "–";
        return ratio > 1 == moreIsBetter ? "A" : "B";
    }

    private static double[] values(List<Figures> runs, int figure) {
        return runs.stream().mapToDouble(run -> run.all().get(figure).value()).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String spread(double[] values) {
        double least = Arrays.stream(values).min().orElse(Double.NaN);
        double most = Arrays.stream(values).max().orElse(Double.NaN);
        return number(median(values)) + (values.length == 1 ? "" : " (" + number(least) + "–" + number(most) + ")");
    }

    /** Three significant digits, which is more than the runs agree on. */
    static String number(double value) {
        if (!Double.isFinite(value)) return "–";
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 || value == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
