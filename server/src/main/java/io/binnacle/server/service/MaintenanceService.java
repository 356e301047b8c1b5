package io.binnacle.server.service;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.binnacle.api.etcdserverpb.AlarmMember;
import io.binnacle.api.etcdserverpb.AlarmRequest;
import io.binnacle.api.etcdserverpb.DefragmentRequest;
import io.binnacle.api.etcdserverpb.DefragmentResponse;
import io.binnacle.api.etcdserverpb.DowngradeInfo;
import io.binnacle.api.etcdserverpb.DowngradeRequest;
import io.binnacle.api.etcdserverpb.HashKVRequest;
import io.binnacle.api.etcdserverpb.HashKVResponse;
import io.binnacle.api.etcdserverpb.HashRequest;
import io.binnacle.api.etcdserverpb.HashResponse;
import io.binnacle.api.etcdserverpb.MoveLeaderRequest;
import io.binnacle.api.etcdserverpb.SnapshotRequest;
import io.binnacle.api.etcdserverpb.StatusRequest;
import io.binnacle.api.etcdserverpb.StatusResponse;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.backend.Checkpoint;
import io.binnacle.backend.DefragmentJob;
import io.binnacle.backend.StoreHash;
import io.binnacle.base.Bytes;
import io.binnacle.io.Offload;
import io.binnacle.mvcc.HashAnswer;
import io.binnacle.mvcc.KvRefusal;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.KvRefusals;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.apply.SemVer;
import io.binnacle.server.consensus.ClientCheckpoint;
import io.binnacle.server.consensus.Leadership;
import io.binnacle.server.consensus.LocalMember;
import io.binnacle.server.consensus.Published;
import java.util.List;

/** etcd's Maintenance service (shared contract: api.md §9). Hashes read much, so they run off the event loops. */
public final class MaintenanceService {

    private static final String NAME = "etcdserverpb.Maintenance";
    private static final int HASH_PAIRS_PER_STEP = 10_000;

    private final Services services;
    private final Offload offload;
    private final DowngradeCalls downgrades;

    /** The service of one member; {@code offload} runs what reads the whole database. */
    public MaintenanceService(Services services, Offload offload) {
        this.services = services;
        this.offload = offload;
        this.downgrades = new DowngradeCalls(services);
    }

    /** Its methods. */
    public List<RpcMethod> methods() {
        return List.of(
                unary("Alarm", AlarmRequest.parser(), AlarmRequest.getDefaultInstance(), this::alarm),
                unary("Status", StatusRequest.parser(), StatusRequest.getDefaultInstance(), this::status),
                unary("Defragment", DefragmentRequest.parser(), DefragmentRequest.getDefaultInstance(), this::defragment),
                unary("Hash", HashRequest.parser(), HashRequest.getDefaultInstance(), this::hash),
                unary("HashKV", HashKVRequest.parser(), HashKVRequest.getDefaultInstance(), this::hashKv),
                unary("MoveLeader", MoveLeaderRequest.parser(), MoveLeaderRequest.getDefaultInstance(), this::moveLeader),
                unary("Downgrade", DowngradeRequest.parser(), DowngradeRequest.getDefaultInstance(), downgrades::handle),
                new RpcMethod(NAME, "Snapshot", CallKind.SERVER_STREAM, call -> new SnapshotCall(services, call, offload,
                        Services.walk(SnapshotRequest.getDescriptor()))));
    }

    @FunctionalInterface
    private interface Handler<T> {
        void handle(Call call, T request);
    }

    private <T extends Message> RpcMethod unary(String method, Parser<T> parser, T prototype, Handler<T> handler) {
        StrictWalk walk = Services.walk(prototype.getDescriptorForType());
        return new RpcMethod(NAME, method, CallKind.UNARY, call -> services.unary(call, walk, (same, message) -> {
            try {
                handler.handle(call, parser.parseFrom(message.asByteBuffer()));
            } catch (InvalidProtocolBufferException malformed) {
                call.finish(Services.unreadable(malformed.getMessage()));
            }
        }));
    }

    private void alarm(Call call, AlarmRequest request) {
        boolean onlyShown = request.getAction() == AlarmRequest.AlarmAction.GET;
        boolean allowed = onlyShown ? services.isSomebody(call) : services.administers(call);
        if (!allowed) return;
        if (request.getAction() == AlarmRequest.AlarmAction.UNRECOGNIZED) {
            Services.refuse(call, Refusal.UNKNOWN_METHOD);
            return;
        }
        Identity who = services.identify(call);
        if (who == null) return;
        services.member().proposals().propose(Kind.ALARM, Bytes.of(request.toByteArray()), who, services.maxRequestBytes(),
                outcome -> services.replyOutcome(call, outcome));
    }

    private void status(Call call, StatusRequest request) {
        if (!services.isSomebody(call)) return;
        LocalMember member = services.member();
        Published now = member.published();
        Leadership leadership = member.consensus().leadership();
        Membership.State cluster = member.membership();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setVersion(SemVer.SERVER.toString())
                .setDbSize(member.backend().sizeBytes())
                .setDbSizeInUse(member.backend().sizeInUseBytes())
                .setLeader(leadership.leader())
                .setRaftIndex(member.consensus().committed())
                .setRaftTerm(now.appliedTerm())
                .setRaftAppliedIndex(now.appliedIndex())
                .setStorageVersion(member.storageVersion().toString())
                .setDbSizeQuota(member.setup().quotaBytes())
                .setDowngradeInfo(DowngradeInfo.newBuilder()
                        .setEnabled(cluster.downgrade().enabled())
                        .setTargetVersion(cluster.downgrade().target()));
        if (leadership.leader() == 0) response.addErrors("etcdserver: no leader");
        for (AlarmMember alarm : member.alarms().active().raised()) {
            response.addErrors("memberID:" + Long.toUnsignedString(alarm.getMemberID()) + " alarm:"
                    + (alarm.getAlarm() == io.binnacle.api.etcdserverpb.AlarmType.UNRECOGNIZED
                            ? Integer.toString(alarm.getAlarmValue())
                            : alarm.getAlarm().name()));
        }
        services.reply(call, 0, Bytes.of(response.build().toByteArray()));
    }

    private void defragment(Call call, DefragmentRequest request) {
        if (!services.administers(call)) return;
        boolean taken = services.member().checkpoint(held -> { // what was written before is committed before: its space counts
            held.close();
            defragment(call);
        });
        if (!taken) Services.refuse(call, Refusal.TOO_MANY_REQUESTS);
    }

    private void defragment(Call call) {
        DefragmentJob job = services.member().backend().defragment();
        job.onSettled(() -> call.loop().execute(() -> {
            switch (job.state()) {
                case DONE -> call.reply(Bytes.of(DefragmentResponse.getDefaultInstance().toByteArray()));
                case CANCELLED, FAILED, RUNNING ->
                        call.finish(new Status(Code.UNKNOWN, "defragmentation ended early: " + job.state()));
            }
        }));
    }

    private void hash(Call call, HashRequest request) {
        if (!services.administers(call)) return;
        boolean taken = services.member().checkpoint(held -> offload.run(() -> answerHash(call, held)));
        if (!taken) Services.refuse(call, Refusal.TOO_MANY_REQUESTS);
    }

    private void answerHash(Call call, ClientCheckpoint held) {
        try (held) {
            Checkpoint checkpoint = held.database();
            if (checkpoint.state() != Checkpoint.State.READY) {
                call.loop().execute(() -> Services.refuse(call, Refusal.STOPPED));
                return;
            }
            StoreHash walk = StoreHash.ofMember(checkpoint);
            while (walk.step(HASH_PAIRS_PER_STEP)) {}
            int hash = walk.value();
            call.loop().execute(() ->
                    services.reply(call, held.revision(), Bytes.of(HashResponse.newBuilder().setHash(hash).build().toByteArray())));
        }
    }

    private void hashKv(Call call, HashKVRequest request) {
        if (!services.administers(call)) return;
        offload.run(() -> {
            Published now = services.member().hold();
            HashAnswer answer;
            try {
                answer = services.member().store().hash(now.kv(), request.getRevision());
            } finally {
                now.kv().release();
            }
            call.loop().execute(() -> answerHashKv(call, answer));
        });
    }

    private void answerHashKv(Call call, HashAnswer answer) {
        switch (answer) {
            case HashAnswer.Refused(KvRefusal why) -> Services.refuse(call, KvRefusals.of(why));
            case HashAnswer.Hash(int hash, long revision, long compacted, long current) ->
                    services.reply(call, current, Bytes.of(HashKVResponse.newBuilder()
                            .setHash(hash)
                            .setHashRevision(revision)
                            .setCompactRevision(compacted)
                            .build()
                            .toByteArray()));
        }
    }

    private void moveLeader(Call call, MoveLeaderRequest request) {
        if (!services.administers(call)) return;
        Leadership leadership = services.member().consensus().leadership();
        if (!leadership.local()) {
            Services.refuse(call, Refusal.NOT_LEADER);
        } else if (request.getTargetID() == services.member().id()) {
            call.reply(Bytes.EMPTY);
        } else {
            Services.refuse(call, Refusal.BAD_LEADER_TRANSFEREE); // there is no other voter in a group of one
        }
    }
}
