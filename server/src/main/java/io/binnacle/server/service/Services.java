package io.binnacle.server.service;

import com.google.protobuf.Descriptors.Descriptor;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.kv.ResponseWriter;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.ResponseBody;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.MessageBody;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.consensus.LinearizableRead;
import io.binnacle.server.consensus.LocalMember;
import io.binnacle.server.consensus.Published;
import org.jspecify.annotations.Nullable;

/**
 * What all services need: the member, its limits, who asks, and how an answer is put together. Every method runs on the
 * call's loop.
 */
public final class Services {

    /** What the gRPC layer allows above {@code --max-request-bytes}. */
    public static final int GRPC_OVERHEAD_BYTES = 512 * 1024;

    private final LocalMember member;
    private final int maxRequestBytes;
    private final int maxTxnOps;

    /** The member behind the services and the limits of requests. */
    public Services(LocalMember member, int maxRequestBytes, int maxTxnOps) {
        this.member = member;
        this.maxRequestBytes = maxRequestBytes;
        this.maxTxnOps = maxTxnOps;
    }

    LocalMember member() {
        return member;
    }

    int maxRequestBytes() {
        return maxRequestBytes;
    }

    int maxTxnOps() {
        return maxTxnOps;
    }

    /** Carries out one request message, already judged by the walk for its type. */
    @FunctionalInterface
    interface Unary {
        /** Answers the call now or later, once. */
        void handle(Call call, Bytes request);
    }

    /** The receiver of a unary call: judges the message, then hands it over. */
    CallReceiver unary(Call call, StrictWalk walk, Unary then) {
        return new UnaryReceiver(call, walk, then);
    }

    private final class UnaryReceiver implements CallReceiver {
        private final Call call;
        private final StrictWalk walk;
        private final Unary then;

        UnaryReceiver(Call call, StrictWalk walk, Unary then) {
            this.call = call;
            this.walk = walk;
            this.then = then;
        }

        @Override
        public void message(Bytes message) {
            if (walk.judge(message) instanceof StrictWalk.Malformed(String reason)) {
                call.finish(unreadable(reason));
                return;
            }
            if (!admits(call)) return;
            try {
                then.handle(call, message);
            } catch (ProtoFormatException malformed) {
                call.finish(unreadable(malformed.getMessage()));
            }
        }

        @Override
        public void cancelled(Status why) {
            // What is in the log cannot be taken back; its outcome goes to an ended call, which is without effect.
        }
    }

    /** The walk for messages of a type. */
    static StrictWalk walk(Descriptor type) {
        return StrictWalk.of(type);
    }

    /** What a client is told whose message is no message of the method's type. */
    static Status unreadable(@Nullable String reason) {
        return new Status(Code.INTERNAL, "grpc: error unmarshalling request: " + reason);
    }

    /** The same on a call that streams, where etcd's library says it otherwise. */
    static Status unreadableOnStream(@Nullable String reason) {
        return new Status(Code.INTERNAL, "grpc: failed to unmarshal the received message: " + reason);
    }

    /** Refuses the call if its metadata say so: before a stream takes a message, after a unary call has read its own. */
    boolean admits(Call call) {
        Bytes version = call.headers().raw("client-api-version");
        if (version != null && !Bytes.utf8(version.toUtf8()).equals(version)) {
            refuse(call, Refusal.INVALID_CLIENT_API_VERSION);
            return false;
        }
        return hasLeaderIfAsked(call);
    }

    private boolean hasLeaderIfAsked(Call call) {
        if (!"true".equals(call.headers().get("hasleader")) || member.consensus().leadership().leader() != 0) return true;
        refuse(call, Refusal.NO_LEADER);
        return false;
    }

    /** Ends the call with the status of a refusal. */
    static void refuse(Call call, Refusal why) {
        call.finish(RefusalStatus.of(why));
    }

    /**
     * Who asks; null if the call was refused, because it carries a token that nobody can know: this release hands out
     * none.
     */
    @Nullable Identity identify(Call call) {
        if (!member.published().auth().enabled()) return Identity.NONE;
        boolean token = call.headers().get("token") != null || call.headers().get("authorization") != null;
        if (!token) return Identity.NONE;
        refuse(call, Refusal.INVALID_AUTH_TOKEN);
        return null;
    }

    /** Refuses the call unless its client may do what only an administrator may. */
    boolean administers(Call call) {
        Identity who = identify(call);
        if (who == null) return false;
        Refusal refusal = member.published().auth().mayAdminister(who);
        if (refusal == null) return true;
        refuse(call, refusal);
        return false;
    }

    /** Refuses the call unless its client is anybody, where anybody must be somebody. */
    boolean isSomebody(Call call) {
        Identity who = identify(call);
        if (who == null) return false;
        if (!member.published().auth().enabled() || who.authRevision() != 0) return true;
        refuse(call, Refusal.USER_EMPTY);
        return false;
    }

    /** The header of an answer; revision 0 stands for the newest. */
    ResponseHeader header(long revision) {
        Published now = member.published();
        return new ResponseHeader(member.clusterId(), member.id(), revision == 0 ? now.kv().revision() : revision,
                now.appliedTerm());
    }

    /** Answers with a header and the fields that follow it. */
    void reply(Call call, long revision, Bytes body) {
        call.reply(headed(header(revision), body));
    }

    /** A message of a header and the fields that follow it. */
    static Bytes headed(ResponseHeader header, Bytes body) {
        ProtoWriter out = new ProtoWriter(ResponseWriter.headerLength(header) + body.length());
        new ResponseWriter(out).header(header);
        out.raw(body);
        return out.take();
    }

    /** Answers with a header and a body that may be long; the body is closed in any case. */
    void reply(Call call, long revision, ResponseBody body) {
        if (body instanceof ResponseBody.Whole whole) {
            reply(call, revision, whole.bytes());
            return;
        }
        Bytes header = headed(header(revision), Bytes.EMPTY);
        call.send(header.length() + body.lengthBytes(), new HeadedBody(header, body));
        call.finish(Status.OK);
    }

    /** The header, then the body as it is made. */
    private static final class HeadedBody implements MessageBody {
        private final ResponseBody body;
        private Bytes header;

        HeadedBody(Bytes header, ResponseBody body) {
            this.header = header;
            this.body = body;
        }

        @Override
        public Bytes next(int maxBytes) {
            if (header.isEmpty()) return body.next(maxBytes);
            Bytes piece = header.slice(0, Math.min(maxBytes, header.length()));
            header = header.slice(piece.length(), header.length());
            return piece;
        }

        @Override
        public void close() {
            body.close();
        }
    }

    /** Answers a call with the outcome of its command, on the call's loop whoever has it. */
    void replyOutcome(Call call, Outcome outcome) {
        call.loop().execute(() -> {
            switch (outcome) {
                case Outcome.Done(long revision, Bytes body) -> reply(call, revision, body);
                case Outcome.Refused(Refusal why) -> refuse(call, why);
            }
        });
    }

    /** Goes on, on the call's loop, once a linearizable read is allowed; at once where no round is needed. */
    void afterBarrier(Call call, Runnable then) {
        member.readBarrier(new LinearizableRead() {
            @Override
            public void ready() {
                if (call.loop().inLoop()) then.run();
                else call.loop().execute(then);
            }

            @Override
            public void refused(Refusal why) {
                if (call.loop().inLoop()) refuse(call, why);
                else call.loop().execute(() -> refuse(call, why));
            }
        });
    }
}
