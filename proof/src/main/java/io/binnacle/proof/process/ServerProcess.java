package io.binnacle.proof.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a server on a data directory. A stopped or killed run is over; {@link #start} begins the next one on the same setup.
 *
 * <p>One thread uses it; the log is read by a thread of its own that ends with the process.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofMinutes(3); // a busy machine is not a stuck server
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final ServerCommand command;
    private final ServerSetup setup;
    private final Process process;
    private final ServerLog log;

    private ServerProcess(ServerCommand command, ServerSetup setup, Process process, ServerLog log) {
        this.command = command;
        this.setup = setup;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a server and waits until it says that it serves.
     *
     * @throws StartFailure if it ends or is silent for three minutes instead
     */
    public static ServerProcess start(ServerCommand command, ServerSetup setup) throws StartFailure {
        ServerProcess server = launch(command, setup);
        if (!server.awaitReady(READY_MAX)) {
            Integer exit = server.exit();
            List<String> lines = server.log.lines();
            server.kill();
            throw new StartFailure(command.name(), exit, lines);
        }
        return server;
    }

    /** Starts a server and returns at once; for starts that are expected to fail. */
    public static ServerProcess launch(ServerCommand command, ServerSetup setup) {
        List<String> line = new ArrayList<>(command.command());
        line.addAll(setup.arguments());
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        ToolRun.cleanEnvironment(builder);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ServerProcess(command, setup, process, ServerLog.follow(process.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + line, e);
        }
    }

    /** Waits for readiness, the end of the process, or the time to pass; says whether it is ready. */
    public boolean awaitReady(Duration most) {
        CompletableFuture<Boolean> either = log.ready().thenApply(_ -> true).applyToEither(log.ended().thenApply(_ -> false), ready -> ready);
        try {
            return either.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("log of " + command.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The exit code, or null while it runs. A death by signal is 128 plus its number. */
    public @Nullable Integer exit() {
        return process.isAlive() ? null : process.exitValue();
    }

    /** Waits for the end of the process; null when the time passed first. */
    public @Nullable Integer awaitExit(Duration most) {
        try {
            return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Asks the server to end (SIGTERM) and waits for it.
     *
     * @return the exit code
     * @throws IllegalStateException if it is still there after half a minute; it is killed then
     */
    public int stop() {
        process.destroy();
        Integer exit = awaitExit(STOP_MAX);
        if (exit == null) {
            kill();
            throw new IllegalStateException(command.name() + " did not stop on SIGTERM; log ends:\n" + log.tail(20));
        }
        return exit;
    }

    /** Kills the process and what it started (SIGKILL) and waits for the end. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        if (awaitExit(STOP_MAX) == null) {
            throw new IllegalStateException("process " + process.pid() + " survived SIGKILL");
        }
    }

    /** What it was started with. */
    public ServerSetup setup() {
        return setup;
    }

    /** How it was started. */
    public ServerCommand command() {
        return command;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Its output so far. */
    public ServerLog log() {
        return log;
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
