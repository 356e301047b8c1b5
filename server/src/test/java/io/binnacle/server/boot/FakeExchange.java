package io.binnacle.server.boot;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.HttpBody;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.Loop;
import io.binnacle.rpc.Metadata;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that keeps its answer. */
final class FakeExchange implements HttpExchange {

    private final String method;
    private final String target;
    private final Metadata headers;
    int status;
    Metadata answered = Metadata.EMPTY;
    Bytes body = Bytes.EMPTY;

    FakeExchange(String method, String target, Metadata headers) {
        this.method = method;
        this.target = target;
        this.headers = headers;
    }

    private static final Loop INLINE = new Loop() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException("no timers here");
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };

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
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    @Override
    public @Nullable String query() {
        int question = target.indexOf('?');
        return question < 0 ? null : target.substring(question + 1);
    }

    @Override
    public boolean http10() {
        return false;
    }

    @Override
    public Metadata headers() {
        return headers;
    }

    @Override
    public Loop loop() {
        return INLINE;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:1";
    }

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public void readAll(int bytesMax, Consumer<Bytes> whole, Runnable tooLong) {
        whole.accept(Bytes.EMPTY);
    }

    @Override
    public void read(HttpBody received) {
        throw new UnsupportedOperationException("no body here");
    }

    @Override
    public void pauseBody(boolean paused) {}

    @Override
    public void respond(int code, Metadata with, Bytes text) {
        if (ended()) throw new AssertionError("answered twice");
        status = code;
        answered = with;
        body = text;
    }

    @Override
    public void start(int code, Metadata with) {
        respond(code, with, Bytes.EMPTY);
    }

    @Override
    public void write(Bytes bytes) {
        byte[] joined = new byte[body.length() + bytes.length()];
        body.copyTo(joined, 0);
        bytes.copyTo(joined, body.length());
        body = Bytes.of(joined);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void onWritable(Runnable resumed) {}

    @Override
    public void end() {}

    @Override
    public void onClosed(Runnable gone) {}

    @Override
    public boolean ended() {
        return status != 0;
    }

    @Override
    public void abort() {
        throw new AssertionError("aborted");
    }

    @Override
    public void upgrade(Metadata with, HttpBody received) {
        throw new AssertionError("upgraded");
    }
}
