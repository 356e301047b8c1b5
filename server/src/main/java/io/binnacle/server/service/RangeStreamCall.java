package io.binnacle.server.service;

import io.binnacle.api.kv.Range;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.mvcc.KvRefusal;
import io.binnacle.mvcc.RangeStream;
import io.binnacle.mvcc.RequestCheck;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.KvRefusals;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.consensus.Published;
import org.jspecify.annotations.Nullable;

/**
 * One call of KV.RangeStream: chunk by chunk while the client reads, each from the newest view, all at the revision of
 * the first (shared contract: api.md §2.7). A client that stops reading stops the reading of the store.
 */
final class RangeStreamCall implements CallReceiver {

    /** RangeStreamResponse.range_response. */
    private static final int RANGE_RESPONSE = 1;

    private final Services services;
    private final Call call;
    private final StrictWalk walk;
    private @Nullable RangeStream stream;

    RangeStreamCall(Services services, Call call, StrictWalk walk) {
        this.services = services;
        this.call = call;
        this.walk = walk;
    }

    @Override
    public void message(Bytes message) {
        if (walk.judge(message) instanceof StrictWalk.Malformed(String reason)) {
            call.finish(Services.unreadableOnStream(reason));
            return;
        }
        if (!services.admits(call)) return;
        try {
            begin(Range.decode(message));
        } catch (ProtoFormatException malformed) {
            call.finish(Services.unreadableOnStream(malformed.getMessage()));
        }
    }

    private void begin(Range request) {
        KvRefusal refusal = RequestCheck.rangeStream(request);
        if (refusal != null) {
            call.finish(statusOf(refusal));
            return;
        }
        Runnable read = () -> {
            if (call.ended() || !permitted(request)) return;
            stream = new RangeStream(request, services.maxRequestBytes());
            writable();
        };
        if (request.serializable()) read.run();
        else services.afterBarrier(call, read);
    }

    private boolean permitted(Range request) {
        Identity who = services.identify(call);
        if (who == null) return false;
        Refusal denied = services.member().published().auth().mayRead(who, request.key(), request.rangeEnd());
        if (denied == null) return true;
        Services.refuse(call, denied);
        return false;
    }

    @Override
    public void writable() {
        while (stream != null && !call.ended() && call.writable()) step(Check.present(stream));
    }

    private void step(RangeStream from) {
        Published now = services.member().hold();
        RangeStream.Step step;
        try {
            step = from.next(now.kv());
        } finally {
            now.kv().release();
        }
        switch (step) {
            case RangeStream.Failed(KvRefusal why) -> {
                stream = null;
                call.finish(statusOf(why));
            }
            case RangeStream.Message(Bytes body, boolean last, long revision) -> {
                call.send(wrapped(last ? Services.headed(services.header(revision), body) : body));
                if (last) {
                    stream = null;
                    call.finish(Status.OK);
                }
            }
        }
    }

    private static Bytes wrapped(Bytes response) {
        ProtoWriter out = new ProtoWriter(response.length() + 6);
        out.bytesField(RANGE_RESPONSE, response);
        return out.take();
    }

    private static Status statusOf(KvRefusal why) {
        return switch (why) {
            case STREAM_SORT -> new Status(Code.UNIMPLEMENTED, "RangeStream does not support custom sort orders");
            case STREAM_FILTER -> new Status(Code.UNIMPLEMENTED, "RangeStream does not support revision filters");
            default -> RefusalStatus.of(KvRefusals.of(why));
        };
    }

    @Override
    public void cancelled(Status why) {
        stream = null;
    }
}
