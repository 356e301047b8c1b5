package io.binnacle.proof.wire;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call in progress. One thread sends, one receives; gRPC's own threads fill the queue between. */
public final class OpenCall {
    private static final int AHEAD = 64; // messages requested before they are taken; the queue holds them and the end

    private final ClientCall<byte[], byte[]> call;
    private final BlockingQueue<Outcome> arrived = new ArrayBlockingQueue<>(2 * AHEAD);
    private Outcome.@Nullable End end; // once taken, every further receive gives it again

    private OpenCall(ClientCall<byte[], byte[]> call) {
        this.call = call;
    }

    static OpenCall start(ClientCall<byte[], byte[]> call, Metadata headers) {
        OpenCall open = new OpenCall(call);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        open.arrived.add(new Outcome.Message(message));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        String text = status.getDescription();
                        open.arrived.add(new Outcome.End(status.getCode().value(), text == null ? "" : text));
                    }
                },
                headers);
        call.request(AHEAD);
        return open;
    }

    /** Sends one message. */
    public void send(byte[] message) {
        call.sendMessage(message);
    }

    /** Says that no more will be sent. */
    public void halfClose() {
        call.halfClose();
    }

    /** Cancels from the client's side. */
    public void cancel() {
        call.cancel("context canceled", null); // the words of the recorded client
    }

    /** The next message or the end, or silence after the time given. */
    public Outcome receive(Duration most) {
        if (end != null) {
            return end;
        }
        Outcome next;
        try {
            next = arrived.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (next instanceof Outcome.End last) {
            end = last;
        } else if (next != null) {
            call.request(1);
        }
        return next == null ? new Outcome.Silence() : next;
    }
}
