package io.binnacle.rpc.netty;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.rpc.HttpBody;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.Loop;
import io.binnacle.rpc.Metadata;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on an HTTP/1.x connection. Owned by the connection's loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the connection, which is heard elsewhere
final class NettyExchange implements HttpExchange {

    private static final int CONTINUE = 100;

    private final HttpConnection connection;
    private final String method;
    private final String target;
    private final boolean http10;
    private final boolean headRequest;
    private final Metadata headers;
    private boolean continueAwaited;
    private boolean bodyHasEnded;
    private boolean mustClose;
    private boolean started;
    private boolean chunked;
    private boolean ended;
    private boolean left; // the client has
    private boolean upgraded;
    private @Nullable HttpBody body;
    private boolean paused;
    private @Nullable Runnable resumed;
    private @Nullable Runnable gone;

    NettyExchange(HttpConnection connection, HttpRequest request, boolean http10) {
        this.connection = connection;
        this.method = request.method().name();
        this.target = request.uri();
        this.http10 = http10;
        this.headRequest = request.method().equals(HttpMethod.HEAD);
        this.continueAwaited = HttpUtil.is100ContinueExpected(request);
        Metadata.Builder fields = Metadata.builder();
        for (Map.Entry<String, String> field : request.headers()) fields.add(field.getKey(), field.getValue());
        this.headers = fields.build();
    }

    // The request.

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String path() {
        int from = 0;
        if (!target.startsWith("/")) {
            int scheme = target.indexOf("://");
            if (scheme < 0) return target.equals("*") ? target : "";
            from = target.indexOf('/', scheme + 3);
            if (from < 0) return "/";
        }
        int question = target.indexOf('?', from);
        return question < 0 ? target.substring(from) : target.substring(from, question);
    }

    @Override
    public @Nullable String query() {
        int question = target.indexOf('?');
        return question < 0 ? null : target.substring(question + 1);
    }

    @Override
    public boolean http10() {
        return http10;
    }

    @Override
    public Metadata headers() {
        return headers;
    }

    @Override
    public Loop loop() {
        return connection.loop();
    }

    @Override
    public String remoteAddress() {
        return connection.peer().address();
    }

    @Override
    public boolean secure() {
        return connection.peer().secure();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return connection.peer().certificates();
    }

    // Its body.

    @Override
    public void readAll(int bytesMax, Consumer<Bytes> whole, Runnable tooLong) {
        read(new HttpBody() {
            private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
            private boolean over;

            @Override
            public void chunk(Bytes bytes) {
                if (over) return;
                if (collected.size() + bytes.length() > bytesMax) {
                    over = true;
                    mustClose = true;
                    tooLong.run();
                } else {
                    collected.write(bytes.array(), bytes.offset(), bytes.length());
                }
            }

            @Override
            public void end() {
                if (!over) whole.accept(Bytes.of(collected.toByteArray()));
            }
        });
    }

    @Override
    public void read(HttpBody receiver) {
        Check.that(body == null, "the body is read already");
        body = receiver;
        if (continueAwaited && !started && !ended && !left) {
            connection.context().write(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(CONTINUE), Unpooled.EMPTY_BUFFER));
            connection.touch();
        }
        continueAwaited = false;
        connection.bodyWanted(paused);
    }

    @Override
    public void pauseBody(boolean pause) {
        paused = pause;
        connection.bodyWanted(pause);
    }

    /** Whether the next piece of the body may be given to this exchange. */
    boolean wantsBody() {
        return body != null && !paused;
    }

    void chunk(Bytes bytes) {
        HttpBody receiver = body;
        if (receiver != null && !ended && !left) receiver.chunk(bytes);
    }

    void bodyEnd() {
        bodyHasEnded = true;
        HttpBody receiver = body;
        if (receiver != null && !ended && !left) receiver.end();
    }

    // The answer.

    @Override
    public void respond(int status, Metadata fields, Bytes content) {
        if (ended || left) return;
        Check.that(!started, "the answer has been started");
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(version(), status(status),
                Unpooled.wrappedBuffer(content.array(), content.offset(), headRequest ? 0 : content.length()));
        fill(answer, fields);
        if (!answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(content.length()));
        }
        connection.context().write(answer);
        complete();
    }

    @Override
    public void start(int status, Metadata fields) {
        if (ended || left) return;
        Check.that(!started, "the answer has been started");
        started = true;
        DefaultHttpResponse answer = new DefaultHttpResponse(version(), status(status));
        if (fields.get("content-length") == null) {
            if (http10) mustClose = true;
            else chunked = true;
        }
        fill(answer, fields);
        if (chunked) answer.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        connection.context().write(answer);
        connection.touch();
    }

    private HttpVersion version() {
        return http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static HttpResponseStatus status(int code) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(code);
        // Netty makes up a class of status with the number in brackets for those it does not know.
        return known.reasonPhrase().endsWith("(" + code + ")") ? new HttpResponseStatus(code, "status code " + code)
                : known;
    }

    private void fill(HttpResponse answer, Metadata fields) {
        HttpHeaders target = answer.headers();
        for (int at = 0; at < fields.size(); at++) target.add(fields.name(at), fields.value(at));
        if (!target.contains(HttpHeaderNames.DATE)) {
            target.set(HttpHeaderNames.DATE,
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        }
        if (mustClose || !connection.staysOpen()) {
            if (!http10) target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        if (HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(target.get(HttpHeaderNames.CONNECTION, ""))) mustClose = true;
        continueAwaited = false;
    }

    @Override
    public void write(Bytes bytes) {
        if (ended || left || bytes.isEmpty()) return;
        if (upgraded) {
            connection.context().write(Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length()));
        } else {
            Check.that(started, "the answer has not been started");
            if (headRequest) return;
            connection.context().write(new DefaultHttpContent(
                    Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length())));
        }
        connection.touch();
    }

    @Override
    public boolean writable() {
        return !left && connection.context().channel().isWritable();
    }

    @Override
    public void onWritable(Runnable task) {
        resumed = task;
    }

    /** The socket has taken what waited. */
    void resumed() {
        Runnable told = resumed;
        if (told != null && !ended && !left && writable()) told.run();
    }

    @Override
    public void end() {
        if (ended || left) return;
        if (upgraded) {
            mustClose = true;
        } else {
            Check.that(started, "the answer has not been started");
            connection.context().write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        complete();
    }

    private void complete() {
        ended = true;
        connection.touch();
        connection.answered(this);
    }

    boolean mustClose() {
        // The client may not send a body that was not asked for, so it can't be told from the next request.
        return mustClose || (continueAwaited && !bodyHasEnded);
    }

    @Override
    public void onClosed(Runnable task) {
        gone = task;
    }

    /** The client has left, or has only closed its sending side. */
    void gone(boolean whole) {
        if (ended) return;
        if (whole) left = true;
        Runnable told = gone;
        gone = null;
        if (told != null) told.run();
    }

    @Override
    public boolean ended() {
        return ended || left;
    }

    @Override
    public void abort() {
        left = true;
        connection.context().close();
    }

    @Override
    public void upgrade(Metadata fields, HttpBody received) {
        if (ended || left) return;
        Check.that(!started, "the answer has been started");
        started = true;
        upgraded = true;
        DefaultHttpResponse answer =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        for (int at = 0; at < fields.size(); at++) answer.headers().add(fields.name(at), fields.value(at));
        connection.context().write(answer);
        connection.touch();
        connection.upgrade(received);
    }
}
