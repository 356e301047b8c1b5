package io.binnacle.server.boot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Metric families in Prometheus' text format. Values that exist anyway are read when they are asked for; the rest are
 * adders that threads do not contend for. The common client library refuses several of etcd's names (gauges that end in
 * {@code _total}, counters that do not), which is why this is written by hand; see the decision record on metrics.
 */
final class Series {

    /** Of a histogram or a labelled value. */
    interface Family {
        /** Appends all lines. */
        void write(StringBuilder out);
    }

    private final List<Family> families = new ArrayList<>();

    /** A family of one value, read at each scrape. */
    void read(String name, String type, String help, DoubleSupplier value) {
        families.add(out -> {
            head(out, name, type, help);
            line(out, name, "", value.getAsDouble());
        });
    }

    /** A family of one labelled value that never changes. */
    void constant(String name, String help, String labels, double value) {
        families.add(out -> {
            head(out, name, "gauge", help);
            line(out, name, labels, value);
        });
    }

    /** A family that writes itself. */
    void family(Family family) {
        families.add(family);
    }

    /** A counter. */
    LongAdder counter(String name, String help) {
        LongAdder adder = new LongAdder();
        read(name, "counter", help, adder::sum);
        return adder;
    }

    /** A histogram of seconds with these upper bounds. */
    Histogram histogram(String name, String help, double... bounds) {
        Histogram histogram = new Histogram(name, help, bounds);
        families.add(histogram);
        return histogram;
    }

    /** Everything, in the order of registration. */
    String text() {
        StringBuilder out = new StringBuilder(64 << 10);
        for (Family family : families) family.write(out);
        return out.toString();
    }

    static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    static void line(StringBuilder out, String name, @Nullable String labels, double value) {
        out.append(name);
        if (labels != null && !labels.isEmpty()) out.append('{').append(labels).append('}');
        out.append(' ').append(number(value)).append('\n');
    }

    /** Numbers as Go prints them: the shortest digits that read back, with an exponent below 1e-4 and from 1e6 on. */
    static String number(double value) {
        if (Double.isInfinite(value)) return value > 0 ? "+Inf" : "-Inf";
        if (Double.isNaN(value)) return "NaN";
        if (value == 0) return "0";
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 6) return shortest.toPlainString();
        String digits = shortest.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(32).append(value < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) text.append('.').append(digits, 1, digits.length());
        text.append(exponent < 0 ? "e-" : "e+");
        if (Math.abs(exponent) < 10) text.append('0');
        return text.append(Math.abs(exponent)).toString();
    }

    /** Counts observations by upper bound. Safe for all threads. */
    static final class Histogram implements Family {
        private final String name;
        private final String help;
        private final double[] bounds;
        private final LongAdder[] counts;
        private final LongAdder sumNanos = new LongAdder();

        Histogram(String name, String help, double... bounds) {
            this.name = name;
            this.help = help;
            this.bounds = bounds.clone();
            this.counts = new LongAdder[bounds.length + 1];
            for (int at = 0; at < counts.length; at++) counts[at] = new LongAdder();
        }

        /** One observation. */
        void observeNanos(long nanos) {
            double seconds = nanos / 1e9;
            int at = 0;
            while (at < bounds.length && seconds > bounds[at]) at++;
            counts[at].increment();
            sumNanos.add(nanos);
        }

        @Override
        public void write(StringBuilder out) {
            head(out, name, "histogram", help);
            long below = 0;
            for (int at = 0; at < counts.length; at++) {
                below += counts[at].sum();
                String bound = at < bounds.length ? number(bounds[at]) : "+Inf";
                line(out, name + "_bucket", "le=\"" + bound + "\"", (double) below);
            }
            line(out, name + "_sum", "", sumNanos.sum() / 1e9);
            line(out, name + "_count", "", (double) below);
        }
    }
}
