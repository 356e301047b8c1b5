package io.binnacle.rpc;

import io.binnacle.base.Bytes;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.x request and its answer. All methods are called on {@link #loop()}; after the client has left, writing is
 * without effect.
 */
public interface HttpExchange {

    /** The method as sent, such as {@code GET}; case-sensitive. */
    String method();

    /** The request target as sent: path and query, an absolute URI, or {@code *}. */
    String target();

    /** The path of the target, without query, still percent-encoded; for an absolute URI the path in it. */
    String path();

    /** What follows the first question mark of the target; null without one. */
    @Nullable String query();

    /** Whether the request is HTTP/1.0: no chunked answers, closed afterwards unless asked otherwise. */
    boolean http10();

    /** The request's header fields, names as sent. */
    Metadata headers();

    /** The loop that owns this exchange. */
    Loop loop();

    /** Address and port of the client. */
    String remoteAddress();

    /** Whether the connection is encrypted. */
    boolean secure();

    /** The client's verified certificate chain, its own first; empty without one. */
    List<X509Certificate> peerCertificates();

    /**
     * Reads the whole body, which is then handed over in one piece; sends {@code 100 Continue} if the client waits for
     * it.
     *
     * @param bytesMax the longest body accepted; a longer one calls {@code tooLong} instead, once, and the connection
     *     is closed after the answer
     */
    void readAll(int bytesMax, Consumer<Bytes> whole, Runnable tooLong);

    /**
     * Reads the body as it arrives; bytes are taken from the socket only while {@link #pauseBody} has not been called.
     */
    void read(HttpBody body);

    /** Stops reading the body from the socket until called with false. */
    void pauseBody(boolean paused);

    /** A whole answer; sets Content-Length. To a HEAD request the body is left out. */
    void respond(int status, Metadata headers, Bytes body);

    /**
     * Starts an answer of unknown length: chunked, or until the connection closes for HTTP/1.0. A Content-Length among
     * the headers is obeyed and nothing is chunked then.
     */
    void start(int status, Metadata headers);

    /** The next bytes of a started answer, flushed at the end of this turn of the loop. */
    void write(Bytes bytes);

    /** False while more than the high-water mark of bytes waits for the client. */
    boolean writable();

    /** Called each time {@link #writable} becomes true again. */
    void onWritable(Runnable resumed);

    /** The end of a started answer. */
    void end();

    /** Called once if the client leaves, or closes its sending side, before the answer has ended. */
    void onClosed(Runnable gone);

    /** Whether the answer has ended or the client has left. */
    boolean ended();

    /** Closes the connection at once, dropping what was not sent. */
    void abort();

    /**
     * Answers {@code 101 Switching Protocols} with these headers and turns the connection into a plain stream of bytes:
     * {@link HttpBody#chunk} for what arrives, {@link HttpBody#end} when the client ends its side, {@link #write} for
     * what is sent, {@link #end} to close.
     */
    void upgrade(Metadata headers, HttpBody received);
}
