package io.binnacle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page with one section a scenario; a section is replaced when its scenario runs again, the others stay. */
final class ResultsFile {

    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\S+)\\R(.*?)(?=^## |\\z)");
    private static final String HEAD = """
            # Benchmark results

            Written by `bin/bench`. Each section says when, on what and how to repeat it. A and B run in turns on one machine,
            each run with a fresh process and directory; the ratio is taken pair by pair. Client and server share the machine,
            so server CPU per request says more than the rate. Latencies of paced loads count from the moment a request was due.

            """;

    private final Path path;

    ResultsFile(Path path) {
        this.path = path;
    }

    void replace(String name, String body) throws IOException {
        Map<String, String> sections = new TreeMap<>();
        if (Files.exists(path)) {
            Matcher section = SECTION.matcher(Files.readString(path));
            while (section.find()) sections.put(section.group(1), section.group(2).strip());
        }
        sections.put(name, body.strip());
        StringBuilder page = new StringBuilder(HEAD);
        sections.forEach((each, text) -> page.append("## ").append(each).append("\n\n").append(text).append("\n\n"));
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, page.toString().stripTrailing() + "\n");
    }
}
