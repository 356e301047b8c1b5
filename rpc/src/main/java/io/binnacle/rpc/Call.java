package io.binnacle.rpc;

import io.binnacle.base.Bytes;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * One gRPC call, seen by the service. Every method is called on {@link #loop()}, except the constant facts {@link
 * #loop}, {@link #path}, {@link #headers}, {@link #deadlineNanos}, {@link #remoteAddress}, {@link #secure} and {@link
 * #peerCertificates}, which any thread may ask. Once the call has ended, sending is without effect (a body handed over
 * is closed): the client may leave at any moment, so that is no error.
 */
public interface Call {

    /** The path of the request: {@code /service/method}. */
    String path();

    /** The request's metadata. */
    Metadata headers();

    /** When the client stops waiting, on {@link Loop#nanoTime}; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos();

    /** The loop that owns this call. */
    Loop loop();

    /** Address and port of the client, such as {@code 127.0.0.1:40312}. */
    String remoteAddress();

    /** Whether the connection is encrypted. */
    boolean secure();

    /** The client's verified certificate chain, its own first; empty without one. */
    List<X509Certificate> peerCertificates();

    /** Sets the metadata of the response headers; without effect on the client once the first message was sent. */
    void responseHeaders(Metadata headers);

    /** Sends the response headers now, before the first message: for streams whose clients wait for them. */
    void sendHeaders();

    /**
     * Sends a message. It is queued when the client's window is closed, so streams must look at {@link #writable}
     * first; a message sent nevertheless is never dropped. The bytes belong to the transport until they are written
     * and, being immutable, may be shared by many calls.
     */
    void send(Bytes message);

    /**
     * Sends one message of a known length that is pulled piece by piece as the client drains, so that it is never in
     * memory whole. Only {@link #finish} may follow before it is pulled up. The body is closed in any case, on the
     * loop; if it yields fewer or more bytes than promised the call ends with code INTERNAL.
     *
     * @param length the message's length in bytes, 0 to 2^32-1
     */
    void send(long length, MessageBody body);

    /** False while more than the high-water mark of bytes waits for this client; see {@link CallReceiver#writable}. */
    boolean writable();

    /** Allows that many more messages of the client; bytes beyond them stay within the flow control window. */
    void request(int messages);

    /** Ends the call: after all that was sent, the status and the trailers. */
    void finish(Status status, Metadata trailers);

    /** Ends the call without trailers of its own. */
    default void finish(Status status) {
        finish(status, Metadata.EMPTY);
    }

    /** The only response and success: what a unary call does. */
    default void reply(Bytes message) {
        send(message);
        finish(Status.OK, Metadata.EMPTY);
    }

    /** Whether {@link #finish} was called or the call was cancelled. */
    boolean ended();
}
