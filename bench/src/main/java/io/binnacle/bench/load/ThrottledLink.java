package io.binnacle.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/**
 * A slow network on loopback: one TCP connection to a server through which its answers come at a fixed number of bytes
 * a second, with little buffered on the way. Requests pass at full speed.
 */
public final class ThrottledLink implements AutoCloseable {

    private static final int PIECE_BYTES = 16 << 10;
    private static final int SOCKET_BUFFER_BYTES = 64 << 10;

    private final ServerSocket listener;
    private final Socket toServer = new Socket();
    private final long bytesPerSecond;
    private volatile boolean closed;

    /** Listens on {@link #port()}, for one connection. */
    public ThrottledLink(int serverPort, long bytesPerSecond) throws IOException {
        this.bytesPerSecond = bytesPerSecond;
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        toServer.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
        toServer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
        Thread.ofPlatform().name("link").daemon().start(this::serve);
    }

    /** Where the client connects. */
    public int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try (Socket client = listener.accept()) {
            client.setTcpNoDelay(true);
            toServer.setTcpNoDelay(true);
            Thread up = Thread.ofPlatform().name("link-up").daemon().start(() -> copy(client, toServer, Long.MAX_VALUE));
            copy(toServer, client, bytesPerSecond);
            client.shutdownInput(); // ends the way up
            up.join();
        } catch (IOException | InterruptedException end) {
            closed = true; // the client sees its connection end, and says so
        }
    }

    private void copy(Socket from, Socket to, long perSecond) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            long startNanos = System.nanoTime();
            long copied = 0;
            for (int read; !closed && (read = in.read(piece)) >= 0; copied += read) {
                out.write(piece, 0, read);
                if (perSecond == Long.MAX_VALUE) continue;
                double dueNanos = (copied + read) * 1e9 / perSecond;
                for (long early; !closed && (early = (long) dueNanos - (System.nanoTime() - startNanos)) > 0;) {
                    LockSupport.parkNanos(early);
                }
            }
        } catch (IOException end) {
            closed = true; // as above
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        toServer.close();
    }
}
