package io.binnacle.rpc.netty;

import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;

/** The header blocks of answers; the usual ones are made once and shared. */
final class ResponseHeaders {

    static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    static final AsciiString GRPC_ENCODING = AsciiString.cached("grpc-encoding");
    static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    private static final AsciiString HTTP_OK = AsciiString.cached("200");
    private static final AsciiString[] CODES = new AsciiString[17];

    static {
        for (int code = 0; code < CODES.length; code++) CODES[code] = AsciiString.cached(Integer.toString(code));
    }

    private static final Http2Headers PLAIN = ReadOnlyHttp2Headers.serverHeaders(false, HTTP_OK, CONTENT_TYPE, GRPC);
    private static final Http2Headers ZIPPED =
            ReadOnlyHttp2Headers.serverHeaders(false, HTTP_OK, CONTENT_TYPE, GRPC, GRPC_ENCODING, GZIP);
    private static final Http2Headers TRAILERS_OK = ReadOnlyHttp2Headers.trailers(false, GRPC_STATUS, CODES[0]);

    private ResponseHeaders() {}

    /** The headers before the first message. */
    static Http2Headers head(AsciiString contentType, boolean gzip, Metadata metadata) {
        if (contentType.equals(GRPC) && metadata.size() == 0) return gzip ? ZIPPED : PLAIN;
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(HTTP_OK).add(CONTENT_TYPE, contentType);
        if (gzip) headers.add(GRPC_ENCODING, GZIP);
        addAll(headers, metadata);
        return headers;
    }

    /** The trailers after the last message. */
    static Http2Headers trailers(Status status, Metadata metadata) {
        if (status.ok() && metadata.size() == 0) return TRAILERS_OK;
        Http2Headers trailers = new DefaultHttp2Headers(false);
        addStatus(trailers, status);
        addAll(trailers, metadata);
        return trailers;
    }

    /** Headers and trailers in one, for a call that sent nothing. */
    static Http2Headers trailersOnly(String httpStatus, AsciiString contentType, Status status,
            Metadata metadata) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(AsciiString.of(httpStatus)).add(CONTENT_TYPE, contentType);
        addStatus(headers, status);
        addAll(headers, metadata);
        return headers;
    }

    private static void addStatus(Http2Headers headers, Status status) {
        headers.add(GRPC_STATUS, CODES[status.code().number()]);
        if (!status.message().isEmpty()) headers.add(GRPC_MESSAGE, StatusText.encode(status.message()));
    }

    private static void addAll(Http2Headers headers, Metadata metadata) {
        for (int at = 0; at < metadata.size(); at++) {
            headers.add(AsciiString.of(metadata.name(at).toLowerCase(Locale.ROOT)), AsciiString.of(metadata.value(at)));
        }
    }
}
