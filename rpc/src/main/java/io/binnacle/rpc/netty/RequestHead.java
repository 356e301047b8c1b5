package io.binnacle.rpc.netty;

import io.binnacle.rpc.Code;
import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's headers, judged in one pass: what the gRPC protocol wants to know, or the refusal. The order of the
 * checks is that of clients' expectations: content type, malformed fields, method.
 */
final class RequestHead {

    private static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final AsciiString BINARY_SUFFIX = AsciiString.cached("-bin");
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");

    /** Which compression the request names. */
    enum Encoding {
        /** None, or identity. */
        PLAIN,
        /** gzip, which the answer then has too. */
        GZIP,
        /** One that is not here. */
        UNKNOWN
    }

    private final Http2Headers headers;
    private @Nullable CharSequence contentType;
    private @Nullable CharSequence encodingName;
    private long timeoutNanos = -1;
    private @Nullable String malformed; // the first malformed field, in words
    private boolean hasConnectionField;

    RequestHead(Http2Headers headers) {
        this.headers = headers;
        for (Map.Entry<CharSequence, CharSequence> field : headers) see(field.getKey(), field.getValue());
    }

    private void see(CharSequence name, CharSequence value) {
        switch (name.length()) {
            case 12 -> {
                if (AsciiString.contentEquals(ResponseHeaders.CONTENT_TYPE, name)) {
                    contentType = value;
                    return;
                }
                if (AsciiString.contentEquals(GRPC_TIMEOUT, name)) {
                    timeout(value);
                    return;
                }
            }
            case 13 -> {
                if (AsciiString.contentEquals(ResponseHeaders.GRPC_ENCODING, name)) {
                    encodingName = value;
                    return;
                }
            }
            case 10 -> {
                if (AsciiString.contentEquals(CONNECTION, name)) hasConnectionField = true;
            }
            default -> { }
        }
        if (holds(name, name.length() - BINARY_SUFFIX.length(), BINARY_SUFFIX)) binary(name, value);
    }

    private static boolean holds(CharSequence text, int at, AsciiString part) {
        return at >= 0 && AsciiString.regionMatches(text, false, at, part, 0, part.length());
    }

    private void timeout(CharSequence value) {
        try {
            timeoutNanos = GrpcTimeout.parseNanos(value);
        } catch (GrpcTimeout.Malformed wrong) {
            malformed("malformed grpc-timeout: " + wrong.getMessage());
        }
    }

    private void binary(CharSequence name, CharSequence value) {
        int wrongAt = Base64Check.firstWrong(value);
        if (wrongAt >= 0) {
            malformed("malformed binary metadata " + GoText.quote(value) + " in header " + GoText.quote(name)
                    + ": illegal base64 data at input byte " + wrongAt);
        }
    }

    private void malformed(String what) {
        if (malformed == null) malformed = what;
    }

    /** Whether there is a field that HTTP/2 forbids, for which the stream is reset. */
    boolean breaksProtocol() {
        return hasConnectionField;
    }

    /** The HTTP status and the gRPC status of a refusal. */
    record Refusal(String httpStatus, Status status) {}

    /** Why the request is refused before its path matters; null if it is not. */
    @Nullable Refusal refusal() {
        if (answerContentType() == null) {
            return new Refusal("415", new Status(Code.INVALID_ARGUMENT,
                    "invalid gRPC request content-type " + GoText.quote(contentType == null ? "" : contentType)));
        }
        if (malformed != null) return new Refusal("400", new Status(Code.INTERNAL, malformed));
        CharSequence method = headers.method();
        if (method == null || !AsciiString.contentEquals(POST, method)) {
            return new Refusal("405", new Status(Code.INTERNAL, "Received a HEADERS frame with :method "
                    + GoText.quote(method == null ? "" : method) + " which should be POST"));
        }
        return null;
    }

    /** The content type of the answer: with the request's sub-type; null if the request is not gRPC. */
    @Nullable AsciiString answerContentType() {
        CharSequence type = contentType;
        if (type == null || !holds(type, 0, APPLICATION_GRPC)) return null;
        int length = APPLICATION_GRPC.length();
        if (type.length() == length) return ResponseHeaders.GRPC;
        char next = type.charAt(length);
        if (next != '+' && next != ';') return null;
        return AsciiString.of("application/grpc+" + type.subSequence(length + 1, type.length()));
    }

    /** The path; empty if there is none. */
    CharSequence path() {
        CharSequence path = headers.path();
        return path == null ? "" : path;
    }

    /** The time the client gives, in nanoseconds; negative without one. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Which compression the request names. */
    Encoding encoding() {
        CharSequence name = encodingName;
        if (name == null || name.isEmpty() || "identity".contentEquals(name)) return Encoding.PLAIN;
        return "gzip".contentEquals(name) ? Encoding.GZIP : Encoding.UNKNOWN;
    }

    /** The name of an encoding that is not known. */
    String encodingName() {
        return encodingName == null ? "" : encodingName.toString();
    }

    /** The user's metadata: everything that is not the protocol's own. */
    static Metadata metadata(Http2Headers headers) {
        Metadata.Builder metadata = Metadata.builder();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (!reserved(name)) metadata.add(name.toString(), field.getValue().toString());
        }
        return metadata.build();
    }

    private static boolean reserved(CharSequence name) {
        if (name.isEmpty() || name.charAt(0) == ':') {
            return !AsciiString.contentEquals(Http2Headers.PseudoHeaderName.AUTHORITY.value(), name);
        }
        return AsciiString.contentEquals(TE, name)
                || AsciiString.contentEquals(GRPC_TIMEOUT, name)
                || AsciiString.contentEquals(ResponseHeaders.GRPC_ENCODING, name)
                || AsciiString.contentEquals(ACCEPT_ENCODING, name)
                || AsciiString.contentEquals(ResponseHeaders.CONTENT_TYPE, name);
    }
}
