package io.binnacle.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end within a time. */
public final class Tool {

    private Tool() {}

    /**
     * Runs it and answers its output, both kinds.
     *
     * @throws IOException if it fails, or takes longer; the message holds the output's end
     */
    public static String run(List<String> command, long secondsMax) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench-tool", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
            if (!ended) process.destroyForcibly().waitFor();
            String text = Files.readString(output);
            if (ended && process.exitValue() == 0) return text;
            String end = text.substring(Math.max(0, text.length() - 2000));
            throw new IOException((ended ? "exit " + process.exitValue() : "no end after " + secondsMax + " s")
                    + " of " + String.join(" ", command) + "\n" + end);
        } finally {
            Files.delete(output);
        }
    }
}
