package io.binnacle.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What Linux says of a process, proc(5).
 *
 * @param cpuNanos user and system time of all threads, ended ones included; moves in steps of 10 ms
 * @param anonymousBytes resident memory that no file backs ({@code RssAnon})
 * @param residentBytes all resident memory ({@code VmRSS})
 * @param voluntarySwitches how often a living thread gave up its processor to wait
 */
public record ProcReading(long cpuNanos, long anonymousBytes, long residentBytes, long voluntarySwitches) {

    /** Linux shows times to user space in hundredths of a second on every architecture. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Reads them now. */
    public static ProcReading of(long pid) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from field 3, the state
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        String status = Files.readString(proc.resolve("status"));
        return new ProcReading(ticks * NANOS_PER_TICK, value(status, "RssAnon:") << 10, value(status, "VmRSS:") << 10,
                voluntarySwitches(proc.resolve("task")));
    }

    /** Anonymous memory alone, for frequent reading. */
    static long anonymousBytes(long pid) throws IOException {
        return value(Files.readString(Path.of("/proc", Long.toString(pid), "status")), "RssAnon:") << 10;
    }

    private static long voluntarySwitches(Path tasks) throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                try {
                    sum += value(Files.readString(thread.resolve("status")), "voluntary_ctxt_switches:");
                } catch (NoSuchFileException ended) {
                    // between the listing and the reading: not a living thread
                }
            }
        }
        return sum;
    }

    private static long value(String status, String label) throws IOException {
        for (String line : (Iterable<String>) status.lines()::iterator) {
            if (line.startsWith(label)) return Long.parseLong(line.substring(label.length()).replace("kB", "").strip());
        }
        throw new IOException("no " + label + " in /proc/PID/status: the process has ended");
    }
}
