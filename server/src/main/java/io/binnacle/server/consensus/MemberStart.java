package io.binnacle.server.consensus;

import io.binnacle.api.etcdserverpb.Metadata;
import io.binnacle.api.raftpb.Entry;
import io.binnacle.api.raftpb.HardState;
import io.binnacle.api.raftpb.WalSnapshot;
import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendConfig;
import io.binnacle.backend.BoltBackend;
import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import io.binnacle.bolt.BoltException;
import io.binnacle.io.Clock;
import io.binnacle.io.Disk;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.MvccConfig;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.MemoryStorage;
import io.binnacle.raft.Peer;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLimits;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import io.binnacle.raft.core.RaftNode;
import io.binnacle.server.apply.Alarms;
import io.binnacle.server.apply.Applier;
import io.binnacle.server.apply.AuthStore;
import io.binnacle.server.apply.ConfChanges;
import io.binnacle.server.apply.Leases;
import io.binnacle.server.apply.Member;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.Quota;
import io.binnacle.server.apply.SemVer;
import io.binnacle.wal.SnapFiles;
import io.binnacle.wal.Wal;
import io.binnacle.wal.WalConfig;
import io.binnacle.wal.WalContents;
import io.binnacle.wal.WalReading;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a member together from its directory, or makes one in an empty directory (shared contract: formats.md §1.3,
 * §10.2). The order: database, then log, then what the database says, then the core.
 */
public final class MemberStart {

    private static final Logger LOG = LoggerFactory.getLogger(MemberStart.class);

    private static final WalSnapshot NO_SNAPSHOT = new WalSnapshot(0, 0, null);
    /** What of the log is kept in memory at most; older entries are read back. */
    private static final long LOG_BYTES_MAX = 256L << 20;

    private final MemberSetup setup;
    private final Disk disk;
    private final Clock clock;
    private final RandomGenerator random;
    private final RaftLogger raftLogger;
    private final Waker coreWaker;
    private final BackendConfig backendConfig;
    private final DataDirectory directory;

    /**
     * The world that the member will live in.
     *
     * @param coreWaker wakes the thread of the core agents
     * @param backendConfig how the database runs
     */
    public MemberStart(MemberSetup setup, Disk disk, Clock clock, RandomGenerator random, RaftLogger raftLogger,
            Waker coreWaker, BackendConfig backendConfig) {
        this.setup = setup;
        this.disk = disk;
        this.clock = clock;
        this.random = random;
        this.raftLogger = raftLogger;
        this.coreWaker = coreWaker;
        this.backendConfig = backendConfig;
        this.directory = new DataDirectory(disk, setup.dataDir(), setup.walDir());
    }

    /** The log as found or made, with the ids that it carries. */
    private record OpenLog(Wal wal, WalSnapshot at, long memberId, long clusterId, boolean founded) {}

    /**
     * Makes the member; its agents do not run yet.
     *
     * @throws StartError if configuration and directory do not allow it
     * @throws IOException if the disk fails
     */
    public LocalMember start() throws StartError, IOException {
        directory.prepare();
        boolean hadDatabase = disk.exists(directory.db());
        Backend backend = openDatabase(); // its lock guards the directory: nothing else in there is read or changed before
        boolean done = false;
        try {
            directory.clean();
            boolean hasLog = directory.hasLog();
            WalSnapshot at = hasLog ? newestSnapshot() : NO_SNAPSHOT;
            bringUpTo(at, backend);
            checkStorageVersion(backend, hadDatabase);
            OpenLog log = hasLog ? openLog(at, backend) : found(backend);
            checkLogReaches(backend, log);
            LocalMember member = assemble(backend, log);
            done = true;
            return member;
        } finally {
            if (!done) closeQuietly(backend);
        }
    }

    private WalSnapshot newestSnapshot() throws IOException {
        List<WalSnapshot> valid = WalReading.validSnapshots(disk, directory.wal());
        return valid.isEmpty() ? NO_SNAPSHOT : valid.getLast();
    }

    /** A database that is older than the snapshot gives way to the one that came with it. */
    private void bringUpTo(WalSnapshot at, Backend backend) throws StartError, IOException {
        if (backend.consistentIndex() >= at.index()) return;
        var received = directory.receivedDb(at.index());
        if (!disk.exists(received)) {
            throw new StartError("failed to find database snapshot file (snap: snapshot file doesn't exist)");
        }
        LOG.atInfo().addKeyValue("snapshot-index", at.index()).log("Recovering from snapshot backend");
        backend.replace(received);
        if (backend.consistentIndex() != 0 && backend.consistentIndex() < at.index()) {
            throw new StartError("database file (" + directory.db() + " index " + backend.consistentIndex()
                    + ") does not match with snapshot (index " + at.index() + ")");
        }
    }

    private Backend openDatabase() throws StartError, IOException {
        long began = clock.nanoTime();
        try {
            return BoltBackend.open(disk, directory.db(), backendConfig, clock,
                    () -> LOG.atInfo().addKeyValue("path", directory.db().toString())
                            .addKeyValue("took", TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - began) / 1000.0 + "s")
                            .log("db file is flocked by another process, or taking too long"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartError("interrupted while another process holds " + directory.db(), interrupted);
        } catch (BoltException damaged) {
            throw new StartError("failed to open database " + directory.db() + ": " + damaged.getMessage(), damaged);
        }
    }

    private static void checkStorageVersion(Backend backend, boolean hadDatabase) throws StartError {
        SemVer stored = ClusterMonitor.storageVersion(backend);
        if (hadDatabase && stored != null && SemVer.SERVER.isBelow(stored)) {
            throw new StartError("Failed to validate schema: version \"" + stored + "\" is not supported, this member is "
                    + SemVer.SERVER);
        }
    }

    private OpenLog openLog(WalSnapshot at, Backend backend) throws StartError, IOException {
        Wal wal = Wal.open(disk, directory.wal(), at, WalConfig.DEFAULT);
        Metadata metadata = metadataOf(wal.contents());
        boolean empty = at.index() == 0 && wal.contents().entries().isEmpty() && wal.contents().state() == null
                && backend.consistentIndex() == 0;
        boolean again = empty && !setup.joinsExisting();
        if (again) checkFounder(metadata);
        return new OpenLog(wal, at, metadata.getNodeID(), metadata.getClusterID(), again);
    }

    /**
     * A log without a single entry is that of a founder which ended before its first entry was durable. Nobody can have
     * been told anything, so it founds its cluster again, under the ids that the log carries.
     */
    private void checkFounder(Metadata metadata) throws StartError {
        Metadata configured = founderIds();
        if (configured.equals(metadata)) return;
        throw new StartError("the log in " + directory.wal() + " was begun by member " + Member.hex(metadata.getNodeID())
                + " of cluster " + Member.hex(metadata.getClusterID()) + " and holds no entry, but the configuration founds member "
                + Member.hex(configured.getNodeID()) + " of cluster " + Member.hex(configured.getClusterID())
                + ": start with the configuration of the first start, or with an empty directory");
    }

    private static Metadata metadataOf(WalContents contents) throws StartError {
        try {
            return Metadata.parseFrom(Check.present(contents.metadata()).asByteBuffer());
        } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
            throw new StartError("the log's metadata record does not parse: " + malformed.getMessage(), malformed);
        }
    }

    /** Makes the log of a new cluster of one. */
    private OpenLog found(Backend backend) throws StartError, IOException {
        if (backend.consistentIndex() > 0) {
            throw new StartError("the database " + directory.db() + " holds entries up to "
                    + backend.consistentIndex() + " but there is no log in " + directory.wal()
                    + ": restore the log, or restore a snapshot into a new directory");
        }
        if (setup.joinsExisting()) {
            throw new StartError("joining an existing cluster is not supported by this release of Binnacle");
        }
        Metadata ids = founderIds();
        Bytes metadata = Bytes.of(ids.toByteArray());
        Wal wal = Wal.create(disk, directory.wal(), metadata, WalConfig.DEFAULT);
        return new OpenLog(wal, NO_SNAPSHOT, ids.getNodeID(), ids.getClusterID(), true);
    }

    /** What the configuration makes of this member and its cluster, if they are new. */
    private Metadata founderIds() throws StartError {
        List<String> ownUrls = setup.initialCluster().get(setup.name());
        if (ownUrls == null) {
            throw new StartError("couldn't find local name \"" + setup.name() + "\" in the initial cluster configuration");
        }
        if (setup.initialCluster().size() != 1) {
            throw new StartError("a cluster of " + setup.initialCluster().size()
                    + " members is not supported by this release of Binnacle: --initial-cluster must name this member alone");
        }
        checkAdvertised(ownUrls);
        long memberId = MemberIds.member(ownUrls, setup.initialClusterToken());
        long clusterId = MemberIds.cluster(List.of(memberId));
        return Metadata.newBuilder().setNodeID(memberId).setClusterID(clusterId).build();
    }

    private void checkAdvertised(List<String> ownUrls) throws StartError {
        List<String> advertised = setup.advertisePeerUrls();
        if (advertised.equals(ownUrls)) return;
        if (advertised.size() != ownUrls.size()) {
            throw new StartError("--initial-cluster has " + entries(ownUrls) + " but missing from "
                    + "--initial-advertise-peer-urls=" + String.join(",", advertised)
                    + " (len(" + quoted(advertised) + ") != len(" + quoted(ownUrls) + "))");
        }
        for (int at = 0; at < ownUrls.size(); at++) {
            if (advertised.get(at).equals(ownUrls.get(at))) continue;
            throw new StartError("--initial-cluster has " + setup.name() + "=" + ownUrls.get(at)
                    + " but missing from --initial-advertise-peer-urls=" + String.join(",", advertised)
                    + " (resolved urls: \"" + advertised.get(at) + "\" != \"" + ownUrls.get(at) + "\")");
        }
    }

    private String entries(List<String> urls) {
        return setup.name() + "=" + String.join("," + setup.name() + "=", urls);
    }

    private static String quoted(List<String> urls) {
        return "[\"" + String.join("\" \"", urls) + "\"]";
    }

    /** Entries that the database has and the log has not could never be written again under their numbers. */
    private void checkLogReaches(Backend backend, OpenLog log) throws StartError {
        if (log.founded()) return;
        List<Entry> entries = log.wal().contents().entries();
        long last = entries.isEmpty() ? log.at().index() : entries.getLast().index();
        if (last < backend.consistentIndex()) {
            throw new StartError("the log in " + directory.wal() + " ends at entry " + last + " but the database "
                    + directory.db() + " holds entries up to " + backend.consistentIndex()
                    + ": a part of the log is missing; restore this member from a snapshot");
        }
    }

    private LocalMember assemble(Backend backend, OpenLog log) throws StartError, IOException {
        Leases leases = Leases.restore(backend, leaseTtlSecondsMin());
        MvccStore store = MvccStore.restore(backend,
                new MvccConfig(setup.compactionBatch(), setup.compactionPauseNanos()),
                (key, lease) -> leases.attach(lease, key));
        AuthStore auth = AuthStore.restore(backend);
        Alarms alarms = Alarms.restore(backend);
        Membership membership = Membership.restore(backend);
        if (backend.appliedIndex() == 0) backend.entryApplied(0, 0);
        LOG.atInfo().addKeyValue("current-rev", store.revision()).log("kvstore restored");
        checkMembers(membership.state(), log);

        Quota quota = new Quota(backend, setup.quotaBytes());
        PendingCalls pending = new PendingCalls();
        KvExecutor kv = new KvExecutor(store, leases);
        ConfChanges confChanges = new ConfChanges(membership, backend, setup.learnersMax());
        SnapFiles snapFiles = new SnapFiles(disk, directory.snap());
        LogPurge purge = new LogPurge(clock, directory.wal(), disk, snapFiles, setup.snapshotsMax(), setup.walsMax());
        LogWriter logWriter = new LogWriter(log.wal(), snapFiles, purge);
        Fetching fetching = new Fetching(logWriter);
        MemoryStorage memory = storage(membership.state(), log, fetching);
        // What the database holds is not delivered again, as far as the log knows it to be committed.
        long applied = Math.max(log.at().index(),
                Math.min(backend.consistentIndex(), memory.initialState().hardState().commit()));
        ApplyLoop apply = new ApplyLoop(backend, store,
                events -> new Applier(store, kv, leases, auth, alarms, membership, quota, events),
                confChanges, pending, clock, applied, applied == 0 ? 0 : memory.term(applied));
        Snapshots snapshots = new Snapshots(backend, logWriter, coreWaker, membership, StartState::document,
                setup.snapshotCount(), log.at().index());

        RaftNode raft = new RaftNode(
                new RaftConfig(log.memberId(), applied, setup.electionTicks(), 1, RaftLimits.etcd(),
                        RaftOptions.production(setup.preVote())),
                memory, random, raftLogger);
        if (log.founded()) raft.bootstrap(List.of(new Peer(log.memberId(), founder(log).toJson())));
        Consensus consensus = new Consensus(raft, memory, logWriter, apply, pending, clock, setup.tickNanos(),
                setup.electionTicks(), setup.catchupEntries());
        fetching.consensus = consensus;
        MemberParts parts = new MemberParts(clock, backend, store, leases, alarms, membership, quota, apply, logWriter,
                consensus, snapshots, store.compactor(clock, coreWaker), log.wal().pipeline());
        LocalMember member = new LocalMember(log.memberId(), log.clusterId(), setup, parts, coreWaker, clock.wallMillis());
        if (!log.founded()) campaignAtOnce(raft); // a founder first applies its own addition
        return member;
    }

    private Member founder(OpenLog log) {
        return new Member(log.memberId(), List.copyOf(setup.initialCluster().getOrDefault(setup.name(), List.of())), false,
                setup.name(), List.of());
    }

    /** This release drives a group of one; a directory of a larger one is left as it is. */
    private static void checkMembers(Membership.State members, OpenLog log) throws StartError {
        if (log.founded()) return;
        boolean alone = members.members().size() == 1 && members.members().getFirst().id() == log.memberId();
        boolean notApplied = members.members().isEmpty();
        if (!alone && !notApplied) {
            throw new StartError("member " + Member.hex(log.memberId()) + " belongs to a cluster of "
                    + members.members().size() + " members: this release of Binnacle serves single members only");
        }
    }

    private static MemoryStorage storage(Membership.State members, OpenLog log, Fetching fetching) {
        WalContents contents = log.wal().contents();
        MemoryStorage storage = new MemoryStorage(Integer.MAX_VALUE, LOG_BYTES_MAX, fetching);
        HardState saved = contents.state();
        if (saved != null) storage.setHardState(new io.binnacle.raft.HardState(saved.term(), saved.vote(), saved.commit()));
        SnapshotMeta meta = new SnapshotMeta(StartState.confStateOf(members), log.at().index(), log.at().term());
        storage.applySnapshot(new Snapshot(meta, null));
        storage.append(LogWriter.entriesOf(contents.entries()));
        return storage;
    }

    /** The only voter need not wait for anybody's silence. */
    private static void campaignAtOnce(RaftNode raft) {
        List<Long> voters = raft.confState().voters();
        if (voters.size() == 1 && voters.getFirst() == raft.id()) raft.campaign();
    }

    private long leaseTtlSecondsMin() {
        long nanos = setup.electionNanos() * 3 / 2;
        return (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    }

    /** Reads entries back through the log writer; where nothing can be asked, the core asks again. */
    private static final class Fetching implements MemoryStorage.Fetcher {
        private final LogWriter logWriter;
        private @Nullable Consensus consensus;

        Fetching(LogWriter logWriter) {
            this.logWriter = logWriter;
        }

        @Override
        public void fetch(long low, long high, long maxBytes) {
            Consensus to = Check.present(consensus);
            if (!logWriter.offer(new LogWriter.ReadTask(low, high, maxBytes, entries -> to.fetched(low, entries)))) {
                to.fetched(low, EntrySlice.EMPTY);
            }
        }
    }

    private static void closeQuietly(@Nullable Backend backend) {
        try {
            if (backend != null) backend.close();
        } catch (Exception failed) {
            LOG.atWarn().addKeyValue("error", String.valueOf(failed.getMessage())).log("closing the database failed");
        }
    }
}
