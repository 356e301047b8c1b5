package io.binnacle.server.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.LeaseLeasesRequest;
import io.binnacle.api.etcdserverpb.LeaseLeasesResponse;
import io.binnacle.api.etcdserverpb.LeaseRevokeRequest;
import io.binnacle.api.etcdserverpb.LeaseStatus;
import io.binnacle.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.binnacle.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.server.apply.AuthView;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Lease;
import io.binnacle.server.apply.Permissions;
import io.binnacle.server.apply.Quota;
import io.binnacle.server.apply.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** etcd's Lease service, but for the keep-alive stream ({@link KeepAliveCall}); shared contract: api.md §7. */
public final class LeaseService {

    private static final String NAME = "etcdserverpb.Lease";
    private static final StrictWalk GRANT = Services.walk(LeaseGrantRequest.getDescriptor());
    private static final StrictWalk REVOKE = Services.walk(LeaseRevokeRequest.getDescriptor());
    private static final StrictWalk TIME_TO_LIVE = Services.walk(LeaseTimeToLiveRequest.getDescriptor());
    private static final StrictWalk LEASES = Services.walk(LeaseLeasesRequest.getDescriptor());

    private final Services services;

    /** The service of one member. */
    public LeaseService(Services services) {
        this.services = services;
    }

    /** Its methods. */
    public List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(NAME, "LeaseGrant", CallKind.UNARY, call -> services.unary(call, GRANT, this::grant)),
                new RpcMethod(NAME, "LeaseRevoke", CallKind.UNARY, call -> services.unary(call, REVOKE, this::revoke)),
                new RpcMethod(NAME, "LeaseKeepAlive", CallKind.BIDI, call -> new KeepAliveCall(services, call)),
                new RpcMethod(NAME, "LeaseTimeToLive", CallKind.UNARY,
                        call -> services.unary(call, TIME_TO_LIVE, this::timeToLive)),
                new RpcMethod(NAME, "LeaseLeases", CallKind.UNARY, call -> services.unary(call, LEASES, this::leases)));
    }

    private void grant(Call call, Bytes message) {
        if (!services.member().quota().admits(Quota.LEASE_BYTES)) {
            services.member().raiseNoSpace(outcome -> call.loop().execute(() -> Services.refuse(call, Refusal.NO_SPACE)));
            return;
        }
        Identity who = services.identify(call);
        if (who == null) return;
        if (services.member().published().auth().enabled() && who.authRevision() == 0) {
            Services.refuse(call, Refusal.USER_EMPTY);
            return;
        }
        try {
            LeaseGrantRequest request = LeaseGrantRequest.parseFrom(message.asByteBuffer());
            LeaseGrantRequest.Builder complete = request.toBuilder();
            while (complete.getID() == 0) complete.setID(services.member().proposals().nextId() & Long.MAX_VALUE);
            propose(call, Kind.LEASE_GRANT, Bytes.of(complete.build().toByteArray()), who);
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadable(malformed.getMessage()));
        }
    }

    private void revoke(Call call, Bytes message) {
        Identity who = services.identify(call);
        if (who == null) return;
        try {
            Bytes request = Bytes.of(LeaseRevokeRequest.parseFrom(message.asByteBuffer()).toByteArray());
            propose(call, Kind.LEASE_REVOKE, request, who);
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadable(malformed.getMessage()));
        }
    }

    private void propose(Call call, Kind kind, Bytes request, Identity who) {
        services.member().proposals().propose(kind, request, who, services.maxRequestBytes(),
                outcome -> services.replyOutcome(call, outcome));
    }

    private void timeToLive(Call call, Bytes message) {
        try {
            LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.parseFrom(message.asByteBuffer());
            services.afterBarrier(call, () -> answer(call, request));
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadable(malformed.getMessage()));
        }
    }

    private void answer(Call call, LeaseTimeToLiveRequest request) {
        if (call.ended() || !services.isSomebody(call)) return;
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder().setID(request.getID());
        Lease lease = services.member().leases().find(request.getID());
        if (lease == null) {
            services.reply(call, 0, Bytes.of(response.setTTL(-1).build().toByteArray()));
            return;
        }
        if (request.getKeys()) {
            AuthView auth = services.member().published().auth();
            Refusal hidden = new Permissions(auth, services.member().leases()).leaseKeysVisible(Identity.NONE, lease);
            if (hidden != null) {
                Services.refuse(call, hidden);
                return;
            }
            for (Bytes key : lease.keys()) response.addKeys(ByteString.copyFrom(key.asByteBuffer()));
        }
        long left = lease.remainingNanos(services.member().clock().nanoTime());
        response.setTTL(TimeUnit.NANOSECONDS.toSeconds(left)).setGrantedTTL(lease.ttlSeconds());
        services.reply(call, 0, Bytes.of(response.build().toByteArray()));
    }

    private void leases(Call call, Bytes message) {
        if (!services.isSomebody(call)) return;
        List<Lease> all = new ArrayList<>(services.member().leases().all());
        all.sort(Comparator.comparingLong(Lease::expiryNanos).thenComparingLong(Lease::id));
        LeaseLeasesResponse.Builder response = LeaseLeasesResponse.newBuilder();
        for (Lease lease : all) response.addLeases(LeaseStatus.newBuilder().setID(lease.id()));
        services.reply(call, 0, Bytes.of(response.build().toByteArray()));
    }
}
