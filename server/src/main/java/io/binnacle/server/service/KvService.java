package io.binnacle.server.service;

import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.kv.Compaction;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.KvRefusal;
import io.binnacle.mvcc.Outcome;
import io.binnacle.mvcc.RequestCheck;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.KvRefusals;
import io.binnacle.server.apply.Permissions;
import io.binnacle.server.apply.Quota;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.consensus.Published;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * etcd's KV service. The order of checks is that of etcd (shared contract: api.md §1.4): quota, arguments, who asks,
 * size; everything that depends on replicated state is judged again where the entry is applied.
 */
public final class KvService {

    private static final String NAME = "etcdserverpb.KV";
    private static final StrictWalk RANGE = Services.walk(RangeRequest.getDescriptor());
    private static final StrictWalk PUT = Services.walk(PutRequest.getDescriptor());
    private static final StrictWalk DELETE_RANGE = Services.walk(DeleteRangeRequest.getDescriptor());
    private static final StrictWalk TXN = Services.walk(TxnRequest.getDescriptor());
    private static final StrictWalk COMPACTION = Services.walk(CompactionRequest.getDescriptor());

    private final Services services;

    /** The service of one member. */
    public KvService(Services services) {
        this.services = services;
    }

    /** Its methods. */
    public List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(NAME, "Range", CallKind.UNARY, call -> services.unary(call, RANGE, this::range)),
                new RpcMethod(NAME, "RangeStream", CallKind.SERVER_STREAM, this::rangeStream),
                new RpcMethod(NAME, "Put", CallKind.UNARY, call -> services.unary(call, PUT, this::put)),
                new RpcMethod(NAME, "DeleteRange", CallKind.UNARY,
                        call -> services.unary(call, DELETE_RANGE, this::deleteRange)),
                new RpcMethod(NAME, "Txn", CallKind.UNARY, call -> services.unary(call, TXN, this::txn)),
                new RpcMethod(NAME, "Compact", CallKind.UNARY, call -> services.unary(call, COMPACTION, this::compact)));
    }

    private void range(Call call, Bytes message) {
        Range request = Range.decode(message);
        if (refused(call, RequestCheck.range(request))) return;
        if (request.serializable()) readRange(call, request);
        else services.afterBarrier(call, () -> readRange(call, request));
    }

    private void readRange(Call call, Range request) {
        if (call.ended()) return;
        Identity who = services.identify(call);
        if (who == null) return;
        Published now = services.member().hold();
        try {
            Refusal denied = now.auth().mayRead(who, request.key(), request.rangeEnd());
            if (denied != null) Services.refuse(call, denied);
            else replyRead(call, KvExecutor.range(now.kv(), request));
        } finally {
            now.kv().release();
        }
    }

    private void replyRead(Call call, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done done -> services.reply(call, done.headerRevision(), done.body());
            case Outcome.Refused(KvRefusal why) -> Services.refuse(call, KvRefusals.of(why));
        }
    }

    private CallReceiver rangeStream(Call call) {
        return new RangeStreamCall(services, call, RANGE);
    }

    private void put(Call call, Bytes message) {
        Put request = Put.decode(message);
        if (!hasRoom(call, Quota.costOf(request)) || refused(call, RequestCheck.put(request))) return;
        log(call, Kind.PUT, PUT, message, request::encoded);
    }

    private void deleteRange(Call call, Bytes message) {
        DeleteRange request = DeleteRange.decode(message);
        if (refused(call, RequestCheck.deleteRange(request))) return;
        log(call, Kind.DELETE_RANGE, DELETE_RANGE, message, request::encoded);
    }

    private void txn(Call call, Bytes message) {
        Txn request = Txn.decode(message);
        if (!hasRoom(call, Quota.costOf(request)) || refused(call, RequestCheck.txn(request, services.maxTxnOps()))) return;
        if (!RequestCheck.readOnly(request)) {
            log(call, Kind.TXN, TXN, message, request::encoded);
        } else if (RequestCheck.serializable(request)) {
            readTxn(call, request);
        } else {
            services.afterBarrier(call, () -> readTxn(call, request));
        }
    }

    private void readTxn(Call call, Txn request) {
        if (call.ended()) return;
        Identity who = services.identify(call);
        if (who == null) return;
        Published now = services.member().hold();
        try {
            Refusal denied = new Permissions(now.auth(), services.member().leases()).txn(who, request);
            if (denied != null) Services.refuse(call, denied);
            else replyRead(call, KvExecutor.readTxn(now.kv(), request));
        } finally {
            now.kv().release();
        }
    }

    private void compact(Call call, Bytes message) {
        Compaction request = Compaction.decode(message);
        if (services.administers(call)) log(call, Kind.COMPACTION, COMPACTION, message, request::encoded);
    }

    /** Room by the local database; if there is none the alarm is raised first, and then the call refused. */
    private boolean hasRoom(Call call, long costBytes) {
        if (services.member().quota().admits(costBytes)) return true;
        services.member().raiseNoSpace(outcome -> call.loop().execute(() -> Services.refuse(call, Refusal.NO_SPACE)));
        return false;
    }

    private static boolean refused(Call call, @Nullable KvRefusal why) {
        if (why == null) return false;
        Services.refuse(call, KvRefusals.of(why));
        return true;
    }

    /** Puts the request into the log: its own bytes, or, if some member would read those differently, encoded anew. */
    private void log(Call call, Kind kind, StrictWalk walk, Bytes message, Supplier<Bytes> anew) {
        Identity who = services.identify(call);
        if (who == null) return;
        Bytes request = walk.judge(message) instanceof StrictWalk.Reencode ? anew.get() : message;
        services.member().proposals().propose(kind, request, who, services.maxRequestBytes(),
                outcome -> services.replyOutcome(call, outcome));
    }
}
