package io.binnacle.proof.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 exchange a connection, with full control of the headers (a library would not let a test set Host). Any thread. */
public final class Http1 {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int BODY_BYTES_MAX = 64 << 20;

    private Http1() {}

    /** Sends a request and reads the whole answer. */
    public static Exchange exchange(int port, String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(head(port, method, path, headers, body.length).getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return read(new DataInputStream(socket.getInputStream()), method);
        }
    }

    private static String head(int port, String method, String path, Map<String, String> headers, int length) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (headers.keySet().stream().noneMatch("host"::equalsIgnoreCase)) {
            head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("Content-Length: ").append(length).append("\r\nConnection: close\r\n\r\n").toString();
    }

    private static Exchange read(DataInputStream in, String method) throws IOException {
        String statusLine = line(in);
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
        return new Exchange(status, headers, Map.of(), bodiless ? new byte[0] : body(in, headers));
    }

    private static byte[] body(DataInputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                if (size > BODY_BYTES_MAX - all.size()) {
                    throw new IOException("body above " + BODY_BYTES_MAX + " bytes");
                }
                all.write(exactly(in, size));
                line(in);
            }
            return all.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readNBytes(BODY_BYTES_MAX) : exactly(in, Math.min(BODY_BYTES_MAX, Integer.parseInt(length)));
    }

    private static int chunkSize(DataInputStream in) throws IOException {
        String line = line(in);
        int end = line.indexOf(';');
        return Integer.parseInt((end < 0 ? line : line.substring(0, end)).strip(), 16);
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("body ends after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > 1 << 20) {
                throw new EOFException("head ends in: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
