package io.binnacle.server.consensus;

import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.membershippb.ClusterVersionSetRequest;
import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendView;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.SemVer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that keeps the cluster version where the members' versions or a downgrade want it, and the storage version
 * at the cluster version (shared contract: formats.md §10.6, §10.7, §7.4). One member alone decides for itself.
 */
final class ClusterMonitor implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMonitor.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final Bytes STORAGE_VERSION = Bytes.utf8("storageVersion");
    private static final SemVer FIRST_STORED = new SemVer(3, 6, 0);

    private final LocalMember member;
    private final Membership membership;
    private final Backend backend;
    private final Clock clock;
    private long nextNanos;
    private volatile boolean proposed;
    private volatile boolean kicked;

    ClusterMonitor(LocalMember member, Membership membership, Backend backend, Clock clock) {
        this.member = member;
        this.membership = membership;
        this.backend = backend;
        this.clock = clock;
        this.nextNanos = clock.nanoTime();
    }

    /** Something changed that may call for a new version: look at once. Any thread that wakes the agent afterwards. */
    void kick() {
        kicked = true;
    }

    @Override
    public String name() {
        return "cluster-monitor";
    }

    @Override
    public int doWork() {
        long now = clock.nanoTime();
        if (!kicked && now - nextNanos < 0) return 0;
        kicked = false;
        nextNanos = now + PERIOD_NANOS;
        decideClusterVersion();
        followWithStorage();
        return 1;
    }

    @Override
    public long nextDeadlineNanos() {
        return nextNanos;
    }

    private void decideClusterVersion() {
        Leadership leadership = member.consensus().leadership();
        if (!leadership.readsLocally() || proposed) return;
        Membership.State state = membership.state();
        SemVer current = state.clusterVersion();
        SemVer wanted = wanted(state, current);
        if (wanted == null) return;
        if (current == null) {
            LOG.atInfo().addKeyValue("cluster-version", wanted.majorMinor())
                    .log("setting up initial cluster version using v3 API");
        } else {
            LOG.atInfo().addKeyValue("from", current.majorMinor()).addKeyValue("to", wanted.majorMinor())
                    .log("updating cluster version using v3 API");
        }
        proposed = true;
        Bytes request = Bytes.of(ClusterVersionSetRequest.newBuilder().setVer(wanted.toString()).build().toByteArray());
        member.proposals().propose(Kind.CLUSTER_VERSION_SET, request, Identity.NONE, outcome -> proposed = false);
    }

    /** The version that the cluster should have and has not, null if all is well. */
    private static @Nullable SemVer wanted(Membership.State state, @Nullable SemVer current) {
        SemVer own = SemVer.SERVER.minorOnly();
        if (current == null) return own;
        if (state.downgrade().enabled()) {
            SemVer target = SemVer.parse(state.downgrade().target());
            boolean oneBelow = target != null && target.isSameMinor(current.oneMinorBelow())
                    && target.isSameMinor(own.oneMinorBelow());
            return oneBelow ? target : null;
        }
        return current.isBelow(own) ? own : null;
    }

    private void followWithStorage() {
        SemVer cluster = membership.state().clusterVersion();
        if (cluster == null) return;
        boolean taken = member.onApply(() -> {
            SemVer stored = storageVersion(backend);
            if (stored != null && stored.isSameMinor(cluster)) return;
            LOG.atInfo().addKeyValue("cluster-version", cluster.toString())
                    .addKeyValue("storage-version", stored == null ? "3.5.0" : stored.toString())
                    .log("cluster version differs from storage version.");
            if (stored == null && FIRST_STORED.isBelow(cluster)) logUpdated(FIRST_STORED);
            logUpdated(cluster.minorOnly());
            backend.put(Bucket.META, STORAGE_VERSION, Bytes.utf8(cluster.minorOnly().toString()));
            backend.maintained();
        });
        if (!taken) kicked = true; // too much waits there now: look again at the next turn
    }

    private static void logUpdated(SemVer version) {
        LOG.atInfo().addKeyValue("new-storage-version", version.toString()).log("updated storage version");
    }

    /** What the database says of its own version, null if nothing. Apply agent, or before it runs. */
    static @Nullable SemVer storageVersion(Backend backend) {
        BackendView view = backend.view();
        try {
            return storageVersion(view);
        } finally {
            view.release();
        }
    }

    /** The same, from a view that is held. */
    static @Nullable SemVer storageVersion(BackendView view) {
        Bytes text = view.get(Bucket.META, STORAGE_VERSION);
        return text == null ? null : SemVer.parse(text.toUtf8());
    }
}
