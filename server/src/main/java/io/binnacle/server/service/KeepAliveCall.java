package io.binnacle.server.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.LeaseKeepAliveRequest;
import io.binnacle.api.etcdserverpb.LeaseKeepAliveResponse;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Lease;
import io.binnacle.server.apply.Leases;
import io.binnacle.server.apply.Permissions;
import io.binnacle.server.apply.Refusal;

/**
 * One keep-alive stream: for each request one answer, in order. The next request is taken when the one before is
 * answered, so a client that does not read is not read from (shared contract: api.md §7.3).
 */
final class KeepAliveCall implements CallReceiver {

    private static final StrictWalk WALK = Services.walk(LeaseKeepAliveRequest.getDescriptor());

    private final Services services;
    private final Call call;
    /** Whether a message was asked for that has not been answered yet. */
    private boolean asked;
    private boolean answering;
    private boolean halfClosed;

    KeepAliveCall(Services services, Call call) {
        this.services = services;
        this.call = call;
        if (services.admits(call)) ask();
    }

    @Override
    public void message(Bytes message) {
        answering = true;
        if (WALK.judge(message) instanceof StrictWalk.Malformed(String reason)) {
            call.finish(Services.unreadableOnStream(reason));
            return;
        }
        try {
            renew(LeaseKeepAliveRequest.parseFrom(message.asByteBuffer()).getID());
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadableOnStream(malformed.getMessage()));
        }
    }

    private void renew(long id) {
        ResponseHeader header = services.header(0); // captured before the renewal, as etcd does
        Identity who = services.identify(call);
        if (who == null) return;
        var auth = services.member().published().auth();
        Permissions permissions = new Permissions(auth, services.member().leases());
        Refusal denied = permissions.anyUser(who);
        if (denied == null) denied = permissions.leaseKeys(who, id);
        if (denied != null) {
            Services.refuse(call, denied);
            return;
        }
        switch (services.member().leases().renew(id, services.member().clock().nanoTime())) {
            case Leases.Renewal.Renewed(long ttl) -> answer(header, id, ttl);
            case Leases.Renewal.Unknown() -> answer(header, id, 0);
            case Leases.Renewal.Expired(Lease lease) ->
                    lease.whenEnded(() -> call.loop().execute(() -> answer(header, id, 0)));
            case Leases.Renewal.NotPrimary() -> call.finish(new Status(Code.UNKNOWN, "not a primary lessor"));
        }
    }

    private void answer(ResponseHeader header, long id, long ttl) {
        if (call.ended()) return;
        Bytes body = Bytes.of(LeaseKeepAliveResponse.newBuilder().setID(id).setTTL(ttl).build().toByteArray());
        call.send(Services.headed(header, body));
        asked = false;
        answering = false;
        if (halfClosed) call.finish(Status.OK);
        else ask();
    }

    private void ask() {
        if (asked || halfClosed || !call.writable()) return;
        asked = true;
        call.request(1);
    }

    @Override
    public void writable() {
        if (!call.ended()) ask();
    }

    @Override
    public void halfClose() {
        halfClosed = true;
        if (!answering) call.finish(Status.OK);
    }

    @Override
    public void cancelled(Status why) {
        // nothing is held
    }
}
