package io.binnacle.server.consensus;

import io.binnacle.api.etcdserverpb.AlarmRequest;
import io.binnacle.api.etcdserverpb.AlarmType;
import io.binnacle.api.etcdserverpb.LeaseRevokeRequest;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.membershippb.Attributes;
import io.binnacle.api.membershippb.ClusterMemberAttrSetRequest;
import io.binnacle.backend.Backend;
import io.binnacle.base.Bytes;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.raft.Message;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.server.apply.Alarms;
import io.binnacle.server.apply.AuthView;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Leases;
import io.binnacle.server.apply.Member;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Quota;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.apply.SemVer;
import io.binnacle.wal.SegmentPipeline;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member, put together by {@link MemberStart} and driven through its agents: what services, health and
 * metrics see of it. Safe for all threads where nothing else is said.
 */
public final class LocalMember {

    private static final Logger LOG = LoggerFactory.getLogger(LocalMember.class);
    /** Of the checkpoints that the database allows, those that clients may hold; the rest is for the member itself. */
    private static final int CLIENT_CHECKPOINTS_MAX = 32;

    private final long id;
    private final long clusterId;
    private final MemberSetup setup;
    private final MemberParts parts;
    private final Waker waker;
    private final Proposals proposals;
    private final ClusterMonitor monitor;
    private final Quota quota;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Semaphore clientCheckpoints = new Semaphore(CLIENT_CHECKPOINTS_MAX);

    LocalMember(long id, long clusterId, MemberSetup setup, MemberParts parts, Waker waker, long wallMillis) {
        this.id = id;
        this.clusterId = clusterId;
        this.setup = setup;
        this.parts = parts;
        this.waker = waker;
        this.proposals = new Proposals(parts.consensus(), new RequestIds(id, wallMillis), parts.clock(), waker,
                setup.requestTimeoutNanos());
        this.monitor = new ClusterMonitor(this, parts.membership(), parts.backend(), parts.clock());
        this.quota = parts.quota();
        parts.consensus().connect(this::leadershipChanged);
        parts.logWriter().connect(parts.consensus()::stored);
        LeaseKeeper keeper = new LeaseKeeper(parts.leases(), parts.clock(), parts.consensus()::leadership,
                this::revokeExpired, setup.electionNanos());
        parts.apply().connect(new FromApply(), parts.snapshots(), keeper);
    }

    /** Its id, unsigned. */
    public long id() {
        return id;
    }

    /** The cluster's id, unsigned. */
    public long clusterId() {
        return clusterId;
    }

    /** What it was made from. */
    public MemberSetup setup() {
        return setup;
    }

    /** The consensus agent's public facts. */
    public Consensus consensus() {
        return parts.consensus();
    }

    /** The newest state. */
    public Published published() {
        return parts.apply().published();
    }

    /** The door to the log. */
    public Proposals proposals() {
        return proposals;
    }

    /** All leases. */
    public Leases leases() {
        return parts.leases();
    }

    /** Raised alarms. */
    public Alarms alarms() {
        return parts.alarms();
    }

    /** Members, versions and the downgrade. */
    public Membership.State membership() {
        return parts.membership().state();
    }

    /** The limit of the database. */
    public Quota quota() {
        return quota;
    }

    /** The database: only its methods for all threads. */
    public Backend backend() {
        return parts.backend();
    }

    /** The store: only its methods for all threads. */
    public MvccStore store() {
        return parts.store();
    }

    /** The clock of all its agents. */
    public Clock clock() {
        return parts.clock();
    }

    /** The version of the database's layout as last published, {@code 3.5.0} while it says nothing, as etcd shows it. */
    public SemVer storageVersion() {
        Published now = hold();
        try {
            SemVer version = ClusterMonitor.storageVersion(now.kv().backend());
            return version == null ? new SemVer(3, 5, 0) : version;
        } finally {
            now.kv().release();
        }
    }

    /** The newest state, held for the caller, who releases its key-value part. */
    public Published hold() {
        while (true) { // a state that was let go between the two looks has a successor, so this ends
            Published now = parts.apply().published();
            if (now.kv().acquire()) return now;
        }
    }

    /** The agents, in the order in which one thread should give them turns. */
    public List<Agent> coreAgents() {
        return List.of(parts.consensus(), parts.logWriter(), parts.apply(), monitor);
    }

    /** The agent that finds what a compaction may delete; it wants a thread of its own, as do the next and the database's committer. */
    public Agent compactor() {
        return parts.compactor();
    }

    /** Sets what wakes the thread of {@link #compactor}, if it has one; before the agents run. */
    public void wakeCompactorBy(Waker waker) {
        parts.apply().compactorWaker(waker);
    }

    /** The agent that prepares log segments. */
    public SegmentPipeline segmentPipeline() {
        return parts.segmentPipeline();
    }

    /** Sets who hears of changed keys; before the agents run. */
    public void changeListener(ApplyLoop.ChangeListener listener) {
        parts.apply().listener(listener);
    }

    /** How often the log was synced. */
    public long logSyncs() {
        return parts.logWriter().syncs();
    }

    /**
     * Lets a linearizable read go on: at once where this member alone can have acknowledged writes, else after a round
     * with the others. {@code reader} is called once, on this thread or an agent's.
     */
    public void readBarrier(LinearizableRead reader) {
        if (parts.consensus().leadership().readsLocally()) {
            reader.ready();
            return;
        }
        long deadline = parts.clock().nanoTime() + setup.requestTimeoutNanos();
        boolean taken = parts.consensus().execute(() -> parts.consensus().reads().add(reader, deadline));
        if (taken) waker.wake();
        else reader.refused(Refusal.TOO_MANY_REQUESTS);
    }

    /** Runs something on the apply agent and publishes what it changed; false if too much waits there, and nothing will run. */
    public boolean onApply(Runnable task) {
        if (!parts.apply().execute(task)) return false;
        waker.wake();
        return true;
    }

    /**
     * Takes a checkpoint of the database for a client and calls back when it has settled; the client closes it. At most
     * {@value #CLIENT_CHECKPOINTS_MAX} are out at a time, since each holds back pages of the file.
     *
     * @return false if too many are out or too much waits; then nothing will be called
     */
    public boolean checkpoint(Consumer<ClientCheckpoint> then) {
        if (!clientCheckpoints.tryAcquire()) return false;
        boolean taken = onApply(() -> {
            ClientCheckpoint checkpoint = new ClientCheckpoint(parts.backend().checkpoint(), parts.store().revision(),
                    clientCheckpoints);
            checkpoint.whenSettled(() -> then.accept(checkpoint));
        });
        if (!taken) clientCheckpoints.release();
        return taken;
    }

    /** Waits until the member has published itself through the log, so that clients may be served. */
    public void awaitReady() throws InterruptedException {
        ready.await();
    }

    /** Whether {@link #awaitReady} would return at once. */
    public boolean isReady() {
        return ready.getCount() == 0;
    }

    /** Proposes what other members are to know of this one, until it is in the log. Call once, when the agents run. */
    public void publish() {
        Bytes request = Bytes.of(ClusterMemberAttrSetRequest.newBuilder()
                .setMemberID(id)
                .setMemberAttributes(Attributes.newBuilder()
                        .setName(setup.name())
                        .addAllClientUrls(setup.advertiseClientUrls()))
                .build()
                .toByteArray());
        proposals.propose(Kind.CLUSTER_MEMBER_ATTR_SET, request, Identity.NONE, outcome -> {
            if (outcome instanceof Outcome.Refused(var why)) {
                LOG.atWarn().addKeyValue("local-member-id", Member.hex(id))
                        .addKeyValue("error", why.toString())
                        .log("failed to publish local member to cluster through raft");
                publish();
                return;
            }
            LOG.atInfo().addKeyValue("local-member-id", Member.hex(id))
                    .addKeyValue("local-member-attributes",
                            "{Name:" + setup.name() + " ClientURLs:" + setup.advertiseClientUrls() + "}")
                    .addKeyValue("cluster-id", Member.hex(clusterId))
                    .log("published local member to cluster through raft");
            ready.countDown();
        });
    }

    /** Closes files; the agents must have ended. */
    public void close() {
        parts.backend().close();
    }

    private void leadershipChanged(Leadership now) {
        if (now.readsLocally()) monitor.kick();
    }

    private void revokeExpired(long leaseId) {
        Bytes request = Bytes.of(LeaseRevokeRequest.newBuilder().setID(leaseId).build().toByteArray());
        AuthView auth = published().auth();
        Identity root = auth.enabled() ? new Identity(AuthView.ROOT, auth.revision()) : Identity.NONE;
        proposals.propose(Kind.LEASE_REVOKE, request, root, outcome -> {});
    }

    private final class FromApply implements ApplyLoop.Upwards {

        @Override
        public void applied(Message batch, List<ConfChange> changes) {
            parts.consensus().applied(batch, changes);
        }

        @Override
        public void quotaExceeded() {
            raiseNoSpace(outcome -> {});
        }

        @Override
        public void clusterVersionChanged(SemVer version) {
            LOG.atInfo().addKeyValue("cluster-version", version.majorMinor()).log("cluster version is updated");
            monitor.kick();
        }
    }

    /** Raises the alarm of this member that says that its database is full. */
    public void raiseNoSpace(Consumer<Outcome> then) {
        Bytes request = Bytes.of(AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                .setMemberID(id)
                .setAlarm(AlarmType.NOSPACE)
                .build()
                .toByteArray());
        proposals.propose(Kind.ALARM, request, Identity.NONE, then::accept);
    }
}
