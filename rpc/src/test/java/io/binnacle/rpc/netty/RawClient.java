package io.binnacle.rpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 client that sends exactly what it is told, frame by frame, on a blocking socket. */
final class RawClient implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** A frame as received. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        @Override
        public String toString() {
            return "type " + type + " flags " + flags + " stream " + stream + " "
                    + HexFormat.of().formatHex(payload, 0, Math.min(32, payload.length));
        }
    }

    /** A whole answer. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Answer(Map<String, String> headers, Map<String, String> trailers, byte[] body) {}

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** Preface, empty settings; reads the server's settings and both acknowledgements' worth. */
    static RawClient open(int port) throws IOException {
        RawClient client = new RawClient(port);
        client.bytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        client.send(SETTINGS, 0, 0);
        client.flush();
        client.next();
        client.next();
        client.send(SETTINGS, ACK, 0);
        return client;
    }

    void bytes(byte... raw) throws IOException {
        out.write(raw);
    }

    void send(int type, int flags, int stream, byte... payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Headers as literals without indexing; names and values in turn. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int at = 0; at < fields.length; at += 2) {
            block.write(0);
            literal(block, fields[at]);
            literal(block, fields[at + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write((rest & 127) | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    static byte[] grpcHeaders(String path, String... more) {
        String[] fields = new String[10 + more.length];
        System.arraycopy(new String[] {":method", "POST", ":scheme", "http", ":path", path, "content-type",
            "application/grpc", "te", "trailers"}, 0, fields, 0, 10);
        System.arraycopy(more, 0, fields, 10, more.length);
        return block(fields);
    }

    static byte[] message(byte[] payload) {
        byte[] framed = new byte[5 + payload.length];
        java.nio.ByteBuffer.wrap(framed).put((byte) 0).putInt(payload.length).put(payload);
        return framed;
    }

    /** The next frame; null at the end of the connection. */
    @Nullable Frame next() throws IOException {
        int high = in.read();
        if (high < 0) return null;
        try {
            int length = (high << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload);
        } catch (EOFException cut) {
            return null;
        }
    }

    /** The next frame of a connection that is still open. */
    Frame must() throws IOException {
        Frame frame = next();
        if (frame == null) throw new EOFException("closed by the server");
        return frame;
    }

    /** The next frame of a type. */
    Frame next(int type) throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == type) return frame;
        }
        throw new EOFException("no frame of type " + type);
    }

    Map<String, String> headers(Frame frame) {
        ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
        try {
            Http2Headers headers = hpack.decodeHeaders(frame.stream(), block);
            Map<String, String> map = new LinkedHashMap<>();
            headers.forEach(field -> map.put(field.getKey().toString(), field.getValue().toString()));
            return map;
        } catch (Http2Exception broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }

    /** Reads one stream's answer to its end; opens windows as it goes. */
    Answer answer(int stream) throws IOException {
        Map<String, String> head = Map.of();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == RST_STREAM && frame.stream() == stream) throw new EOFException("reset: " + frame);
            if (frame.type() == GOAWAY) throw new EOFException("go away: " + frame);
            if (frame.stream() != stream) continue;
            if (frame.type() == DATA) {
                body.writeBytes(frame.payload());
            } else if (frame.type() == HEADERS) {
                Map<String, String> fields = headers(frame);
                if (frame.ends()) {
                    return head.isEmpty() ? new Answer(fields, Map.of(), body.toByteArray())
                            : new Answer(head, fields, body.toByteArray());
                }
                head = fields;
            }
        }
        throw new EOFException("closed before the end of stream " + stream);
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
