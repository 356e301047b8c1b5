package io.binnacle.bench.load;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.base.Bytes;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Many watchers of one prefix. They count what they get. */
public final class WatchCrowd implements AutoCloseable {

    private static final int CREATED = 3 << 3;
    private static final int EVENTS = 11 << 3 | 2;

    private final List<ClientCall<byte[], byte[]>> calls = new ArrayList<>();
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final Connections connections;
    private long created;
    private long events;

    /**
     * Makes the watchers and waits until the server has.
     *
     * @throws IOException if it does not within so many seconds
     */
    public WatchCrowd(int port, String prefix, int streams, int watchersPerStream, long secondsMax)
            throws IOException, InterruptedException {
        connections = Connections.to(port, Math.clamp(streams / 10, 1, 100));
        Request create = Request.watch(prefix);
        for (int stream = 0; stream < streams; stream++) {
            ClientCall<byte[], byte[]> call = connections.of(stream).stream(Method.WATCH);
            call.start(new Counting(call), new Metadata());
            call.request(1);
            for (int watcher = 0; watcher < watchersPerStream; watcher++) call.sendMessage(create.message());
            calls.add(call);
        }
        long wanted = (long) streams * watchersPerStream;
        if (!await(secondsMax, () -> created >= wanted)) {
            close();
            throw new IOException(created + " of " + wanted + " watchers after " + secondsMax + " s " + failure.get());
        }
    }

    private final class Counting extends ClientCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> call;
        private final ProtoReader reader = new ProtoReader(Bytes.EMPTY);

        Counting(ClientCall<byte[], byte[]> call) {
            this.call = call;
        }

        @Override
        public void onMessage(byte[] message) {
            reader.reset(Bytes.of(message));
            int newEvents = 0;
            int newWatchers = 0;
            for (int tag; (tag = reader.next()) != 0;) {
                if (tag == EVENTS) newEvents++;
                if (tag == CREATED) newWatchers++;
                reader.skip(tag);
            }
            count(newWatchers, newEvents);
            call.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            failure.compareAndSet("", status.toString());
        }
    }

    private synchronized void count(int newWatchers, int newEvents) {
        created += newWatchers;
        events += newEvents;
        notifyAll();
    }

    /** Events that have arrived. */
    public synchronized long events() {
        return events;
    }

    /** Waits until so many events have arrived; false if they do not within the time. */
    public boolean awaitEvents(long wanted, long secondsMax) throws InterruptedException {
        return await(secondsMax, () -> events >= wanted);
    }

    private synchronized boolean await(long secondsMax, java.util.function.BooleanSupplier done) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
        for (long left; !done.getAsBoolean();) {
            if ((left = giveUpNanos - System.nanoTime()) <= 0) return false;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    @Override
    public void close() {
        for (ClientCall<byte[], byte[]> call : calls) call.cancel("the measurement is over", null);
        connections.close();
    }
}
