package io.binnacle.proof.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One finished run of a command line tool.
 *
 * @param command what was run
 * @param exit its exit code
 * @param stdout its standard output, as UTF-8
 * @param stderr its standard error, as UTF-8
 */
public record ToolRun(List<String> command, int exit, String stdout, String stderr) {
    private static final long RUN_SECONDS_MAX = 120;

    /** Copies the list. */
    public ToolRun {
        command = List.copyOf(command);
    }

    /** Runs a tool with an empty input and without inherited {@code ETCD} variables; a run of more than two minutes is ended and is an error. */
    public static ToolRun of(List<String> command) {
        return of(command, "", Map.of());
    }

    /** As {@link #of(List)}, with a text on standard input and additional environment variables. */
    public static ToolRun of(List<String> command, String input, Map<String, String> variables) {
        try {
            Path out = Files.createTempFile("tool", ".out");
            Path err = Files.createTempFile("tool", ".err");
            Path in = Files.createTempFile("tool", ".in");
            try {
                Files.writeString(in, input);
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                cleanEnvironment(builder);
                builder.environment().putAll(variables);
                Process process = builder.start();
                if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("did not end within " + RUN_SECONDS_MAX + " s: " + command);
                }
                return new ToolRun(command, process.exitValue(), text(out.toFile()), text(err.toFile()));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
                Files.deleteIfExists(in);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** The standard output of a run that had to succeed. */
    public String output() {
        if (exit != 0) {
            throw new IllegalStateException(command + " ended with " + exit + ": " + stderr + stdout);
        }
        return stdout;
    }

    static void cleanEnvironment(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
    }

    private static String text(File file) throws IOException {
        return new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
    }
}
