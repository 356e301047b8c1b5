package io.binnacle.server.service;

import io.binnacle.api.etcdserverpb.WatchRequest;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.watch.WatchShard;
import io.binnacle.mvcc.watch.WatchSink;
import io.binnacle.mvcc.watch.WatchStream;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Loop;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.AuthView;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Refusal;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call of Watch.Watch: requests in, one at a time; answers out through the stream of its loop's shard; the timers of
 * progress reports and of the watch over the leader. A half-closed call goes on until the client leaves.
 */
final class WatchCall implements CallReceiver {

    private static final StrictWalk WALK = Services.walk(WatchRequest.getDescriptor());
    private static final long PROGRESS_NANOS_MIN = 100_000_000;
    /** Checks in a row without a leader that end a stream whose client wants one. */
    private static final int LEADERLESS_CHECKS_MAX = 3;

    private final Services services;
    private final Call call;
    private final WatchStream stream;
    private final long progressNanos;
    private Loop.@Nullable Timer progressTimer;
    private Loop.@Nullable Timer leaderTimer;
    private int leaderlessChecks;
    /** Whether a message was asked for that has not come yet. */
    private boolean asked;

    WatchCall(Services services, Call call, WatchShard shard, long progressNanos, RandomGenerator random) {
        this.services = services;
        this.call = call;
        this.stream = shard.open(new CallSink(call), this::refusal);
        long interval = Math.max(progressNanos, PROGRESS_NANOS_MIN);
        this.progressNanos = interval + random.nextLong(interval / 10); // so that streams do not report in step
        if (!services.admits(call)) {
            stream.close();
            return;
        }
        progressTimer = call.loop().schedule(this::progress, this.progressNanos);
        if ("true".equals(call.headers().get("hasleader"))) awaitLeaderCheck();
        ask();
    }

    @Override
    public void message(Bytes message) {
        asked = false;
        if (WALK.judge(message) instanceof StrictWalk.Malformed(String reason)) {
            end(Services.unreadableOnStream(reason));
            return;
        }
        try {
            stream.request(io.binnacle.api.kv.WatchRequest.decode(message));
        } catch (ProtoFormatException malformed) {
            end(Services.unreadableOnStream(malformed.getMessage()));
            return;
        }
        ask();
    }

    private void ask() {
        if (asked || call.ended() || !stream.takesRequests()) return;
        asked = true;
        call.request(1);
    }

    @Override
    public void writable() {
        if (call.ended()) return;
        stream.writable();
        ask();
    }

    @Override
    public void cancelled(Status why) {
        release();
    }

    private void end(Status status) {
        release();
        call.finish(status);
    }

    private void release() {
        stream.close();
        if (progressTimer != null) progressTimer.cancel();
        if (leaderTimer != null) leaderTimer.cancel();
        progressTimer = null;
        leaderTimer = null;
    }

    private void progress() {
        if (call.ended()) return;
        progressTimer = call.loop().schedule(this::progress, progressNanos);
        stream.tick();
    }

    private void awaitLeaderCheck() {
        leaderTimer = call.loop().schedule(this::checkLeader, services.member().setup().electionNanos());
    }

    private void checkLeader() {
        if (call.ended()) return;
        boolean led = services.member().consensus().leadership().leader() != 0;
        leaderlessChecks = led ? 0 : leaderlessChecks + 1;
        if (leaderlessChecks < LEADERLESS_CHECKS_MAX) awaitLeaderCheck();
        else end(RefusalStatus.of(Refusal.NO_LEADER));
    }

    /** Judged anew for every watcher; a client is told in the words of Go's status type, which others compare. */
    private @Nullable String refusal(Bytes key, Bytes rangeEnd) {
        AuthView auth = services.member().published().auth();
        if (!auth.enabled()) return null;
        boolean token = call.headers().get("token") != null || call.headers().get("authorization") != null;
        Refusal denied = token ? Refusal.INVALID_AUTH_TOKEN : auth.mayRead(Identity.NONE, key, rangeEnd);
        if (denied == null) return null;
        Status status = RefusalStatus.of(denied);
        return "rpc error: code = " + status.code().title() + " desc = " + status.message();
    }

    private record CallSink(Call call) implements WatchSink {

        @Override
        public boolean writable() {
            return call.writable();
        }

        @Override
        public void send(Bytes watchResponse) {
            call.send(watchResponse);
        }
    }
}
