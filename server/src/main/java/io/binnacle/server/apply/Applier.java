package io.binnacle.server.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.binnacle.api.etcdserverpb.AlarmMember;
import io.binnacle.api.etcdserverpb.AlarmRequest;
import io.binnacle.api.etcdserverpb.AlarmResponse;
import io.binnacle.api.etcdserverpb.LeaseCheckpointRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantResponse;
import io.binnacle.api.etcdserverpb.LeaseRevokeRequest;
import io.binnacle.api.etcdserverpb.Request;
import io.binnacle.api.kv.Compaction;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.wire.ProtoFormatException;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.CompactionAnswer;
import io.binnacle.mvcc.CompactionJob;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.mvcc.WriteTxn;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the normal entries of the log, one after the other. Apply agent only.
 *
 * <p>Each request passes the same checks in the same order, visible in {@link #permitted}: alarms, permission, then the
 * request itself; the quota is looked at before and told after, since an entry in the log is applied whatever its size.
 */
public final class Applier {

    private static final SemVer CHECKPOINTS_STORED_FROM = new SemVer(3, 6, 0);

    private final MvccStore store;
    private final KvExecutor kv;
    private final Leases leases;
    private final AuthStore auth;
    private final AuthCommands authCommands;
    private final Alarms alarms;
    private final Membership membership;
    private final ClusterCommands cluster;
    private final Quota quota;
    private final ApplyEvents events;

    /** The parts of the state; all belong to the apply agent from now on. */
    public Applier(MvccStore store, KvExecutor kv, Leases leases, AuthStore auth, Alarms alarms, Membership membership,
            Quota quota, ApplyEvents events) {
        this.store = store;
        this.kv = kv;
        this.leases = leases;
        this.auth = auth;
        this.authCommands = new AuthCommands(auth);
        this.alarms = alarms;
        this.membership = membership;
        this.cluster = new ClusterCommands(membership, events);
        this.quota = quota;
        this.events = events;
    }

    /** Makes the applier once its listener is known. */
    @FunctionalInterface
    public interface Factory {
        /** Makes it. */
        Applier create(ApplyEvents events);
    }

    /** The users and roles. */
    public AuthStore auth() {
        return auth;
    }

    /** What became of an entry, and the compaction it started if the outcome waits for its end. */
    public record Applied(Outcome outcome, @Nullable CompactionJob physical) {
        Applied(Outcome outcome) {
            this(outcome, null);
        }
    }

    /**
     * Carries out an entry that no earlier run has applied.
     *
     * @param answered whether somebody waits for the answer on this member
     * @param nowNanos the monotonic clock, for the expiry of leases on a leader
     * @throws UnreadableEntry if it is no request that any release of etcd would accept
     */
    public Applied apply(long index, RaftRequest request, boolean answered, long nowNanos) {
        Identity who = request.header() == null
                ? Identity.NONE
                : new Identity(request.header().username(), request.header().authRevision());
        try {
            return permitted(request.kind(), request.request(), who, answered, nowNanos);
        } catch (ProtoFormatException | InvalidProtocolBufferException malformed) {
            throw new UnreadableEntry(index, request.kind() + ": " + malformed.getMessage(), malformed);
        }
    }

    private Applied permitted(RaftRequest.Kind kind, Bytes request, Identity who, boolean answered, long nowNanos)
            throws InvalidProtocolBufferException {
        return switch (kind) {
            case PUT -> put(Put.decode(request), who);
            case TXN -> txn(Txn.decode(request), who, answered);
            case DELETE_RANGE -> deleteRange(DeleteRange.decode(request), who);
            case COMPACTION -> compact(Compaction.decode(request));
            case LEASE_GRANT -> leaseGrant(parse(request, LeaseGrantRequest.parser()), nowNanos);
            case LEASE_REVOKE -> new Applied(leaseRevoke(parse(request, LeaseRevokeRequest.parser()).getID(), who));
            case LEASE_CHECKPOINT -> leaseCheckpoint(parse(request, LeaseCheckpointRequest.parser()));
            case ALARM -> alarm(parse(request, AlarmRequest.parser()));
            case CLUSTER_VERSION_SET, CLUSTER_MEMBER_ATTR_SET, DOWNGRADE_INFO_SET ->
                    new Applied(cluster.apply(kind, request));
            case LEGACY -> new Applied(cluster.applyLegacy(parse(request, Request.parser())));
            case NONE, RANGE, DOWNGRADE_VERSION_TEST -> new Applied(new Outcome.Done(0, Bytes.EMPTY));
            default -> new Applied(authCommands.apply(kind, request, who));
        };
    }

    private Applied put(Put put, Identity who) {
        Refusal refusal = alarmed(true);
        if (refusal == null) refusal = permissions().put(who, put);
        if (refusal != null) return refused(refusal);
        boolean room = quota.admits(Quota.costOf(put));
        return afterWrite(changed(kv.put(put)), room);
    }

    private Applied txn(Txn txn, Identity who, boolean answered) {
        Refusal refusal = alarmed(Quota.hasPut(txn));
        if (refusal == null) refusal = permissions().txn(who, txn);
        if (refusal != null) return refused(refusal);
        boolean room = quota.admits(Quota.costOf(txn));
        return afterWrite(changed(kv.txn(txn, answered)), room);
    }

    private Applied deleteRange(DeleteRange delete, Identity who) {
        Refusal refusal = alarmed(false);
        if (refusal == null) refusal = permissions().deleteRange(who, delete);
        return refusal != null ? refused(refusal) : new Applied(changed(kv.deleteRange(delete)));
    }

    private Applied compact(Compaction compaction) {
        Refusal refusal = alarmed(false);
        if (refusal != null) return refused(refusal);
        return switch (store.compact(compaction.revision())) {
            case CompactionAnswer.Started(CompactionJob job) ->
                    new Applied(new Outcome.Done(0, Bytes.EMPTY), compaction.physical() ? job : null);
            case CompactionAnswer.Compacted(CompactionJob unfinished) ->
                    new Applied(new Outcome.Refused(Refusal.COMPACTED), compaction.physical() ? unfinished : null);
            case CompactionAnswer.Future() -> refused(Refusal.FUTURE_REVISION);
        };
    }

    private Applied leaseGrant(LeaseGrantRequest request, long nowNanos) {
        Refusal refusal = alarmed(true);
        if (refusal != null) return refused(refusal);
        boolean room = quota.admits(Quota.LEASE_BYTES);
        Outcome outcome = switch (leases.grant(request.getID(), request.getTTL(), nowNanos)) {
            case Leases.Grant.Granted(long ttl) -> new Outcome.Done(0, Bytes.of(
                    LeaseGrantResponse.newBuilder().setID(request.getID()).setTTL(ttl).build().toByteArray()));
            case Leases.Grant.Denied(Refusal why) -> new Outcome.Refused(why);
        };
        return afterWrite(outcome, room);
    }

    private Outcome leaseRevoke(long id, Identity who) {
        Refusal refusal = alarmed(false);
        if (refusal == null) refusal = permissions().leaseKeys(who, id);
        if (refusal != null) return new Outcome.Refused(refusal);
        Lease lease = leases.find(id);
        if (lease == null) return new Outcome.Refused(Refusal.LEASE_NOT_FOUND);
        WriteTxn txn = store.write(leases);
        for (Bytes key : lease.keys()) txn.delete(key); // sorted, so every member uses the same sub revisions
        EventBatch batch = txn.end();
        leases.end(lease);
        if (!batch.isEmpty()) events.changed(batch);
        return new Outcome.Done(0, Bytes.EMPTY);
    }

    private Applied leaseCheckpoint(LeaseCheckpointRequest request) {
        SemVer version = membership.state().clusterVersion();
        boolean persist = version != null && !version.isBelow(CHECKPOINTS_STORED_FROM);
        request.getCheckpointsList().forEach(checkpoint ->
                leases.checkpoint(checkpoint.getID(), checkpoint.getRemainingTTL(), persist));
        return new Applied(new Outcome.Done(0, Bytes.EMPTY));
    }

    private Applied alarm(AlarmRequest request) {
        AlarmResponse.Builder response = AlarmResponse.newBuilder();
        int type = request.getAlarmValue();
        switch (request.getAction()) {
            case GET -> response.addAllAlarms(alarms.of(type));
            case ACTIVATE -> {
                if (type != 0) response.addAlarms(alarms.activate(request.getMemberID(), type));
            }
            case DEACTIVATE -> {
                if (alarms.deactivate(request.getMemberID(), type)) {
                    response.addAlarms(AlarmMember.newBuilder().setMemberID(request.getMemberID()).setAlarmValue(type));
                }
            }
            case UNRECOGNIZED -> {
                return refused(Refusal.UNKNOWN_METHOD); // ends a process of etcd's, at each replay; here it changes nothing
            }
        }
        return new Applied(new Outcome.Done(0, Bytes.of(response.build().toByteArray())));
    }

    /** What a raised alarm forbids: CORRUPT everything that changes, NOSPACE what needs room. */
    private @Nullable Refusal alarmed(boolean needsRoom) {
        Alarms.Active active = alarms.active();
        if (active.corrupt()) return Refusal.CORRUPT;
        return needsRoom && active.noSpace() ? Refusal.NO_SPACE : null;
    }

    private Permissions permissions() {
        return new Permissions(auth.view(), leases);
    }

    /** Tells watchers, and turns the store's answer into ours. */
    private Outcome changed(io.binnacle.mvcc.Outcome outcome) {
        return switch (outcome) {
            case io.binnacle.mvcc.Outcome.Refused(var why) -> new Outcome.Refused(KvRefusals.of(why));
            case io.binnacle.mvcc.Outcome.Done done -> {
                if (!done.events().isEmpty()) events.changed(done.events());
                yield new Outcome.Done(done.headerRevision(), KvRefusals.whole(done.body()));
            }
        };
    }

    /** A write that found no room is done all the same; its client is told that there was none. */
    private Applied afterWrite(Outcome outcome, boolean room) {
        if (room || outcome instanceof Outcome.Refused) return new Applied(outcome);
        if (!alarms.active().noSpace()) events.quotaExceeded();
        return refused(Refusal.NO_SPACE);
    }

    private static Applied refused(Refusal why) {
        return new Applied(new Outcome.Refused(why));
    }

    private static <T> T parse(Bytes request, Parser<T> parser) throws InvalidProtocolBufferException {
        return parser.parseFrom(request.array(), request.offset(), request.length());
    }
}
