package io.binnacle.proof.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The output of a server, the newest lines of it. Any thread; a virtual thread fills it. */
public final class ServerLog {
    private static final int LINES_MAX = 4000;

    private final Deque<String> lines = new ArrayDeque<>(); // guarded by itself; at most LINES_MAX
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private ServerLog() {}

    static ServerLog follow(InputStream output) {
        ServerLog log = new ServerLog();
        Thread.ofVirtual().name("server-log").start(() -> log.readAll(output));
        return log;
    }

    private void readAll(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(output ended: " + e.getMessage() + ")"); // a killed process tears its pipe; what was read stays
        } finally {
            ended.complete("");
        }
    }

    private void add(String line) {
        synchronized (lines) {
            if (lines.size() == LINES_MAX) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
        if (line.contains("ready to serve client requests") || line.contains("serving client traffic")) {
            ready.complete(line);
        }
    }

    CompletableFuture<String> ready() {
        return ready;
    }

    CompletableFuture<String> ended() {
        return ended;
    }

    /** The newest lines, at most 4000. */
    public List<String> lines() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }

    /** The last lines as one text. */
    public String tail(int count) {
        List<String> all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - count), all.size()));
    }

    /** Whether any of the kept lines contains a text. */
    public boolean contains(String text) {
        return lines().stream().anyMatch(line -> line.contains(text));
    }
}
