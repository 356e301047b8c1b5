package io.binnacle.proof.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one member keeps its data and listens, and how it is called.
 *
 * @param dataDir its data directory
 * @param clientPort port of the client API on loopback
 * @param peerPort port of the peer API on loopback
 * @param identity the flags that decide member and cluster id; empty where the data directory already holds them
 * @param flags all others
 */
public record ServerSetup(Path dataDir, int clientPort, int peerPort, List<String> identity, List<String> flags) {
    /** The identity of the recorded scenarios, so that ids in headers agree with them; ports of this machine do not enter it. */
    private static final List<String> RECORDED_IDENTITY = List.of(
            "--name=default",
            "--initial-cluster=default=http://localhost:2380",
            "--initial-advertise-peer-urls=http://localhost:2380",
            "--advertise-client-urls=http://localhost:2379",
            "--bcrypt-cost=4");

    /** Copies the lists. */
    public ServerSetup {
        identity = List.copyOf(identity);
        flags = List.copyOf(flags);
    }

    /** A single member with the identity of the recorded scenarios, on two free ports. */
    public static ServerSetup recorded(Path dataDir, List<String> flags) {
        return new ServerSetup(dataDir, freePort(), freePort(), RECORDED_IDENTITY, flags);
    }

    /** A single member that continues an existing directory under its recorded name and peer URL. */
    public static ServerSetup continuing(Path dataDir, String name, String peerUrl, List<String> flags) {
        return new ServerSetup(
                dataDir,
                freePort(),
                freePort(),
                List.of(
                        "--name=" + name,
                        "--initial-cluster=" + name + "=" + peerUrl,
                        "--initial-advertise-peer-urls=" + peerUrl,
                        "--advertise-client-urls=http://localhost:2379"),
                flags);
    }

    /** The same member on its data with other flags. */
    public ServerSetup withFlags(List<String> others) {
        return new ServerSetup(dataDir, clientPort, peerPort, identity, others);
    }

    /** {@code host:port} of the client API. */
    public String clientAddress() {
        return "127.0.0.1:" + clientPort;
    }

    List<String> arguments() {
        List<String> all = new ArrayList<>(identity);
        all.add("--data-dir=" + dataDir);
        all.add("--listen-client-urls=http://127.0.0.1:" + clientPort);
        all.add("--listen-peer-urls=http://127.0.0.1:" + peerPort);
        all.addAll(flags);
        return all;
    }

    /** A port that the system says is free now. Another process may take it before the server does; then the start fails by name. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free loopback port", e);
        }
    }
}
