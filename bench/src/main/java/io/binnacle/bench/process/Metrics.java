package io.binnacle.bench.process;

import java.util.List;

/** One reading of a server's {@code /metrics}, in the Prometheus text format. Immutable. */
public final class Metrics {

    /** The first of these that a server shows counts its syncs of the log: ours, then etcd's. */
    private static final List<String> SYNCS =
            List.of("binnacle_wal_syncs_total", "etcd_disk_wal_fsync_duration_seconds_count");

    private final List<String> lines;

    Metrics(String text) {
        lines = text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** The number of syncs of the log so far. */
    public double syncs() {
        for (String name : SYNCS) {
            if (lines.stream().anyMatch(line -> isSeries(line, name))) return sum(name);
        }
        return Double.NaN;
    }

    /** Unary calls of a method that ended well so far. */
    public double okCalls(String method) {
        return sum("grpc_server_handled_total", "grpc_code=\"OK\"", "grpc_method=\"" + method + "\"");
    }

    /** The sum of all series of a name that have all the labels; 0 if there is none. */
    public double sum(String name, String... labels) {
        double sum = 0;
        for (String line : lines) {
            if (!isSeries(line, name)) continue;
            boolean fits = true;
            for (String label : labels) fits &= line.contains(label);
            if (fits) sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1).strip());
        }
        return sum;
    }

    private static boolean isSeries(String line, String name) {
        return line.startsWith(name) && line.length() > name.length() && " {".indexOf(line.charAt(name.length())) >= 0;
    }
}
