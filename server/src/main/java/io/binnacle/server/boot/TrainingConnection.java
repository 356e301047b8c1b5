package io.binnacle.server.boot;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * As much of an HTTP/2 client (RFC 9113) as {@link Training} needs, on one blocking socket: one call at a time, answers are read and
 * thrown away, header fields are sent uncompressed. Not for other use. One thread; each read waits at most ten seconds.
 */
final class TrainingConnection implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int READ_MILLIS_MAX = (int) TimeUnit.SECONDS.toMillis(10);
    private static final int RESPONSE_BYTES_MAX = 16 << 20;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1; // of settings and pings
    private static final int END_STREAM = 1; // of data and headers
    private static final int END_HEADERS = 4;
    private static final int WINDOW_BYTES = 1 << 30; // more than all answers together

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final String authority;
    private int nextStream = 1;

    private TrainingConnection(Socket socket, String authority) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        this.authority = authority;
    }

    static TrainingConnection open(InetSocketAddress address) throws IOException {
        TrainingConnection connection = new TrainingConnection(connect(address), "127.0.0.1:" + address.getPort());
        connection.out.write(PREFACE);
        connection.frame(SETTINGS, 0, 0, new byte[0]);
        connection.frame(WINDOW_UPDATE, 0, 0, new byte[] {WINDOW_BYTES >> 24, 0, 0, 0});
        return connection;
    }

    /** An HTTP/1.1 request on a connection of its own. */
    static void get(InetSocketAddress address, String path) throws IOException {
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: training\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().readNBytes(RESPONSE_BYTES_MAX).length == 0) {
                throw new IOException("no answer for " + path);
            }
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS_MAX);
        socket.connect(address, READ_MILLIS_MAX);
        return socket;
    }

    /** Makes a gRPC call of one message and waits for its end. */
    void call(String path, byte[] message) throws IOException {
        await(send(path, message, END_STREAM), END_STREAM);
    }

    /** Starts a gRPC call, sends one message and waits for the first answer, or for the end; the call stays open. */
    void open(String path, byte[] message) throws IOException {
        await(send(path, message, 0), 0);
    }

    private int send(String path, byte[] message, int dataFlags) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        StringBuilder block = new StringBuilder();
        field(block, ":method", "POST");
        field(block, ":scheme", "http");
        field(block, ":path", path);
        field(block, ":authority", authority);
        field(block, "content-type", "application/grpc");
        field(block, "te", "trailers");
        frame(HEADERS, END_HEADERS, stream, block.toString().getBytes(StandardCharsets.ISO_8859_1));
        byte[] prefixed = new byte[5 + message.length]; // not compressed, then the length in four bytes
        prefixed[3] = (byte) (message.length >> 8);
        prefixed[4] = (byte) message.length;
        System.arraycopy(message, 0, prefixed, 5, message.length);
        frame(DATA, dataFlags, stream, prefixed);
        return stream;
    }

    /** HPACK's literal field without indexing, new name, no Huffman code (RFC 7541 §6.2.2); lengths below 127. */
    private static void field(StringBuilder block, String name, String value) {
        block.append('\0').append((char) name.length()).append(name).append((char) value.length()).append(value);
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    private void await(int stream, int flagsWanted) throws IOException {
        out.flush();
        while (true) { // ends with the stream, or by a read that waited too long
            int typed = in.readInt();
            int type = typed & 0xff;
            int flags = in.readUnsignedByte();
            int from = in.readInt();
            byte[] payload = in.readNBytes(typed >>> 8);
            switch (type) {
                case SETTINGS, PING -> {
                    if ((flags & ACK) == 0) {
                        frame(type, ACK, 0, type == PING ? payload : new byte[0]);
                        out.flush();
                    }
                }
                case DATA, HEADERS -> {
                    boolean ended = (flags & END_STREAM) != 0;
                    if (from == stream && (ended || (flagsWanted == 0 && type == DATA))) {
                        return;
                    }
                }
                case RST_STREAM, GOAWAY -> throw new IOException("refused: frame of type " + type + " for stream " + from);
                default -> { /* nothing that concerns an answer thrown away */ }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
