package io.binnacle.server.apply;

import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.backend.Backend;
import io.binnacle.backend.ModelBackend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.MvccConfig;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.mvcc.MvccView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicated state of one member on a model of the database, with the applier that changes it. */
final class AppliedState implements ApplyEvents {

    static final long TTL_SECONDS_MIN = 2;

    private static final Clock STANDING = new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    };

    final Backend backend;
    final Leases leases;
    final MvccStore store;
    final AuthStore auth;
    final Alarms alarms;
    final Membership membership;
    final ConfChanges confChanges;
    final Applier applier;
    final List<EventBatch> changed = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    long nowNanos;
    private final Agent compactor;
    private long lastIndex;

    /** An empty one without a limit of its size. */
    AppliedState() throws Exception {
        this(new ModelBackend(), -1);
    }

    /** What the backend holds, with a limit in bytes. */
    AppliedState(Backend backend, long quotaBytes) throws Exception {
        this.backend = backend;
        this.leases = Leases.restore(backend, TTL_SECONDS_MIN);
        this.store = MvccStore.restore(backend, new MvccConfig(1000, 0), (key, lease) -> leases.attach(lease, key));
        this.auth = AuthStore.restore(backend);
        this.alarms = Alarms.restore(backend);
        this.membership = Membership.restore(backend);
        this.confChanges = new ConfChanges(membership, backend, 1);
        this.compactor = store.compactor(STANDING, () -> {});
        this.applier = new Applier(store, new KvExecutor(store, leases), leases, auth, alarms, membership,
                new Quota(backend, quotaBytes), this);
        this.lastIndex = backend.appliedIndex();
        backend.entryApplied(lastIndex, 0);
    }

    /** Applies an entry as the apply agent does. */
    @Nullable Outcome apply(Entry entry) throws Exception {
        Bytes data = entry.data();
        Outcome outcome = null;
        if (entry.type() != 0) outcome = confChanges.apply(entry.index(), data).outcome();
        else if (data != null && !data.isEmpty()) {
            outcome = applier.apply(entry.index(), RaftRequest.decode(data), true, nowNanos).outcome();
        }
        lastIndex = entry.index();
        backend.entryApplied(entry.index(), entry.term());
        return outcome;
    }

    /** Applies a request that this test makes up, by nobody or a user. */
    Outcome apply(RaftRequest.Kind kind, com.google.protobuf.MessageLite request, Identity who) {
        return apply(kind, Bytes.of(request.toByteArray()), who);
    }

    Outcome apply(RaftRequest.Kind kind, com.google.protobuf.MessageLite request) {
        return apply(kind, request, Identity.NONE);
    }

    Outcome apply(RaftRequest.Kind kind, Bytes request, Identity who) {
        lastIndex++;
        Bytes entry = RaftRequest.encode(kind, request,
                new io.binnacle.api.kv.RequestHeader(lastIndex, who.user(), who.authRevision()));
        Outcome outcome = applier.apply(lastIndex, RaftRequest.decode(entry), true, nowNanos).outcome();
        backend.entryApplied(lastIndex, 1);
        return outcome;
    }

    long lastIndex() {
        return lastIndex;
    }

    /** Lets a compaction that is under way remove all that it may. */
    void finishCompaction() throws Exception {
        for (int turn = 0; turn < 10_000; turn++) {
            MvccView view = store.view(); // what the agent reads, as if the apply agent had published it
            int work = compactor.doWork() + store.maintain();
            backend.entryApplied(lastIndex, 0);
            view.release();
            if (work == 0) return;
        }
        throw new AssertionError("the compaction does not end");
    }

    @Override
    public void changed(EventBatch batch) {
        changed.add(batch);
    }

    @Override
    public void quotaExceeded() {
        told.add("quota exceeded");
    }

    @Override
    public void snapshotNeeded() {
        told.add("snapshot needed");
    }

    @Override
    public void clusterVersionChanged(SemVer version) {
        told.add("cluster version " + version);
    }
}
