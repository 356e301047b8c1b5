package io.binnacle.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One member of a cluster of one, as a process. Its output goes to {@code server.log} beside the data directory. Ends
 * with this JVM at the latest.
 */
public final class ServerProcess implements AutoCloseable {

    private static final long START_SECONDS_MAX = 120;
    private static final long STOP_SECONDS_MAX = 60;
    private static final long POLL_NANOS = 2_000_000;

    private final Process process;
    private final int clientPort;
    private final Path log;
    private final long startNanos;
    private final Thread endWithUs;

    private ServerProcess(Process process, int clientPort, Path log, long startNanos) {
        this.process = process;
        this.clientPort = clientPort;
        this.log = log;
        this.startNanos = startNanos;
        endWithUs = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /**
     * Starts a server and waits until it serves.
     *
     * @param command program and leading arguments of an etcd-compatible server
     * @param directory gets {@code data} and {@code server.log}; may hold {@code data} of an earlier run
     * @throws IOException if it does not serve within two minutes
     */
    public static ServerProcess start(List<String> command, Path directory) throws IOException {
        int[] ports = freePorts();
        String client = "http://127.0.0.1:" + ports[0];
        String peer = "http://127.0.0.1:" + ports[1];
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("--name", "bench", "--data-dir", directory.resolve("data").toString(),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", "bench=" + peer, "--quota-backend-bytes", Long.toString(8L << 30)));
        Files.createDirectories(directory);
        Path log = directory.resolve("server.log");
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        long startNanos = System.nanoTime();
        ServerProcess server = new ServerProcess(builder.start(), ports[0], log, startNanos);
        server.awaitServing();
        return server;
    }

    private long servingNanos;

    private void awaitServing() throws IOException {
        while (System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(START_SECONDS_MAX)) {
            if (!process.isAlive()) break;
            try {
                if (LoopbackHttp.get(clientPort, "/health").startsWith("HTTP/1.1 200")) {
                    servingNanos = System.nanoTime() - startNanos;
                    return;
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) break;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        String tail = tail();
        close();
        throw new IOException("the server does not serve; the end of " + log + ":\n" + tail);
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    /** From the start of the process to the first good answer of {@code /health}, which is a linearizable read. */
    public long servingNanos() {
        return servingNanos;
    }

    /** The port that clients use. */
    public int clientPort() {
        return clientPort;
    }

    /** What {@code /metrics} says now. */
    public Metrics metrics() throws IOException {
        return new Metrics(LoopbackHttp.get(clientPort, "/metrics"));
    }

    /** What Linux says now. */
    public ProcReading reading() throws IOException {
        return ProcReading.of(process.pid());
    }

    /** Begins to follow the memory. */
    public MemoryWatch watchMemory() {
        return new MemoryWatch(process.pid());
    }

    /** Asks it to end, and ends it after a minute. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(endWithUs);
    }

    private static int[] freePorts() {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {one.getLocalPort(), two.getLocalPort()};
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on loopback", e);
        }
    }
}
