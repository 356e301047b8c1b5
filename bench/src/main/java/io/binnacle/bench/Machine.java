package io.binnacle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on. */
final class Machine {

    private Machine() {}

    /** Processors, memory and kernel in one line. */
    static String describe() throws IOException {
        String processor = find(Path.of("/proc/cpuinfo"), "model name");
        long kibibytes = Long.parseLong(find(Path.of("/proc/meminfo"), "MemTotal").replace("kB", "").strip());
        return Runtime.getRuntime().availableProcessors() + " × " + processor + ", " + (kibibytes >> 20) + " GiB, Linux "
                + System.getProperty("os.version");
    }

    private static String find(Path file, String label) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(label)) return line.substring(line.indexOf(':') + 1).strip();
        }
        return "unknown processor";
    }
}
