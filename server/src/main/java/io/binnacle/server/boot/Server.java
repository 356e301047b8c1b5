package io.binnacle.server.boot;

import io.binnacle.backend.BackendConfig;
import io.binnacle.io.Agent;
import io.binnacle.io.AgentGroup;
import io.binnacle.io.AgentThread;
import io.binnacle.io.Clock;
import io.binnacle.io.Disk;
import io.binnacle.io.Offload;
import io.binnacle.io.SystemClock;
import io.binnacle.io.SystemDisk;
import io.binnacle.io.VirtualThreadOffload;
import io.binnacle.raft.RaftLogger;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.netty.RpcConfig;
import io.binnacle.rpc.netty.RpcLoops;
import io.binnacle.rpc.netty.RpcServer;
import io.binnacle.server.apply.Member;
import io.binnacle.server.consensus.LocalMember;
import io.binnacle.server.consensus.MemberSetup;
import io.binnacle.server.consensus.MemberStart;
import io.binnacle.server.consensus.StartError;
import io.binnacle.server.service.ClusterService;
import io.binnacle.server.service.HealthService;
import io.binnacle.server.service.KvService;
import io.binnacle.server.service.LeaseService;
import io.binnacle.server.service.MaintenanceService;
import io.binnacle.server.service.Services;
import io.binnacle.server.service.WatchService;
import io.binnacle.wal.WalConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member with its threads and listeners: what {@code bin/etcd} runs and what can be embedded. Started once and stopped
 * once, by whichever threads.
 */
public final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ServerConfig config;
    private final Consumer<String> fatal;
    private final Clock clock = new SystemClock();
    private final Disk disk = new SystemDisk();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final List<AgentThread> threads = new ArrayList<>();
    private final List<RpcServer> listeners = new ArrayList<>();
    private final RpcLoops loops;
    private final LocalMember member;
    private final RpcServer clients;
    private final Metrics metrics;

    private Server(ServerConfig config, Consumer<String> fatal) throws StartError, IOException, InterruptedException {
        this.config = config;
        this.fatal = fatal;
        this.loops = RpcLoops.start(RpcLoops.defaultCount(), "client", failed -> failed(failed, "an event loop"));
        boolean done = false;
        try {
            LOG.atInfo().addKeyValue("listen-peer-urls", config.listenPeerUrls()).log("configuring peer listeners");
            LOG.atInfo().addKeyValue("listen-client-urls", config.listenClientUrls()).log("configuring client listeners");
            LateWaker coreWaker = new LateWaker();
            LateWaker committerWaker = new LateWaker();
            StartLine.log(config);
            MemberStart start = new MemberStart(setupOf(config), disk, clock, new SplittableRandom(), raftLogger(), coreWaker,
                    backendConfig(committerWaker, coreWaker));
            this.member = start.start();
            Services services = new Services(member, config.maxRequestBytes(), config.maxTxnOps());
            Offload offload = new VirtualThreadOffload("offload");
            LateWaker watchWaker = new LateWaker();
            WatchService watches = new WatchService(services, loops.loops(), config.watchProgressNanos(), watchWaker,
                    new SplittableRandom());
            member.changeListener(watches::changed);
            this.metrics = new Metrics(config, member);
            this.clients = bind(RpcServer.builder(loops)
                    .methods(methods(services, watches, offload))
                    .http(new ClientHttp(member, metrics, true).routes())
                    .observer(metrics.rpc())
                    .config(RpcConfig.defaults()
                            .withReceiveBytesMax(config.maxRequestBytes() + Services.GRPC_OVERHEAD_BYTES)
                            .withMaxConcurrentStreams(config.maxConcurrentStreams())
                            .withKeepAlive(config.keepaliveMinTimeNanos(), config.keepaliveIntervalNanos(),
                                    config.keepaliveTimeoutNanos())),
                    config.listenClientUrls());
            RpcServer peers = bind(RpcServer.builder(loops).http(new PeerHttp(member).routes()), config.listenPeerUrls());
            watchWaker.target(thread(watches.catchUp()));
            startThreads(coreWaker, committerWaker);
            peers.serve();
            for (String url : config.listenPeerUrls()) LOG.atInfo().addKeyValue("address", url).log("serving peer traffic");
            if (!config.listenMetricsUrls().isEmpty()) {
                bind(RpcServer.builder(loops).http(new ClientHttp(member, metrics, false).routes()),
                        config.listenMetricsUrls()).serve();
                for (String url : config.listenMetricsUrls()) LOG.atInfo().addKeyValue("address", url).log("serving metrics");
            }
            member.publish();
            done = true;
        } finally {
            if (!done) release();
        }
    }

    /**
     * Starts a member; when this returns it is on its way to be ready ({@link #serveWhenReady}).
     *
     * @param fatal told once, on any thread, why the member cannot go on after it had started
     * @throws StartError if the configuration, the directory or a port does not allow it
     * @throws IOException if the disk fails
     */
    static Server start(ServerConfig config, Consumer<String> fatal) throws StartError, IOException, InterruptedException {
        return new Server(config, fatal);
    }

    /** Waits until the member has found its place in the cluster, then lets clients in. */
    void serveWhenReady() throws InterruptedException {
        member.awaitReady();
        LOG.info("ready to serve client requests");
        LOG.atInfo().addKeyValue("service", "").addKeyValue("status", "SERVING").log("grpc service status changed");
        clients.serve();
        for (var address : clients.addresses()) {
            LOG.atInfo().addKeyValue("traffic", "grpc+http")
                    .addKeyValue("address", Addresses.text((InetSocketAddress) address))
                    .log("serving client traffic insecurely; this is strongly discouraged!");
        }
    }

    /** Where the first client listener listens, with the port that the system chose for port 0. */
    InetSocketAddress clientAddress() {
        return (InetSocketAddress) clients.addresses().getFirst();
    }

    private static List<RpcMethod> methods(Services services, WatchService watches, Offload offload) {
        List<RpcMethod> methods = new ArrayList<>();
        methods.addAll(new KvService(services).methods());
        methods.addAll(watches.methods());
        methods.addAll(new LeaseService(services).methods());
        methods.addAll(new ClusterService(services).methods());
        methods.addAll(new MaintenanceService(services, offload).methods());
        methods.addAll(new HealthService(services).methods());
        return methods;
    }

    private RpcServer bind(RpcServer.Builder builder, List<String> urls) throws StartError, IOException {
        List<InetSocketAddress> addresses = Addresses.of(urls);
        try {
            RpcServer server = builder.bind(addresses);
            listeners.add(server);
            return server;
        } catch (BindException taken) {
            throw new StartError("listen tcp " + Addresses.text(addresses.getFirst()) + ": bind: address already in use",
                    taken);
        }
    }

    private void startThreads(LateWaker coreWaker, LateWaker committerWaker) {
        AgentThread core = thread(new AgentGroup("core", member.coreAgents()));
        coreWaker.target(core);
        committerWaker.target(thread(member.backend().committer()));
        member.wakeCompactorBy(thread(member.compactor()));
        member.segmentPipeline().wakenBy(thread(member.segmentPipeline()));
        member.segmentPipeline().troubleTo(why -> LOG.atWarn()
                .addKeyValue("segment-bytes", WalConfig.DEFAULT.segmentBytes()).addKeyValue("error", why.getMessage())
                .log("failed to preallocate space when creating a new WAL"));
        for (AgentThread thread : threads) thread.start();
    }

    private AgentThread thread(Agent agent) {
        AgentThread thread = new AgentThread(agent, clock, (failedAgent, why) -> failed(why, failedAgent.name()), 0);
        threads.add(thread);
        return thread;
    }

    /** Only the first failure is told: others are its consequences. */
    private void failed(Throwable why, String where) {
        if (!failed.compareAndSet(false, true)) return;
        LOG.atError().addMarker(Logs.FATAL).addKeyValue("agent", where).setCause(why)
                .log("the member cannot go on: " + why.getMessage());
        fatal.accept(where + ": " + why);
    }

    private BackendConfig backendConfig(LateWaker committer, LateWaker core) {
        return BackendConfig.defaults(committer, core, why -> failed(why, "the database"))
                .withSealNanos(config.backendBatchIntervalNanos());
    }

    private static MemberSetup setupOf(ServerConfig config) {
        return new MemberSetup(config.name(), config.dataDir(), config.walDir(), config.initialCluster(),
                config.initialClusterToken(), config.initialClusterState().equals("existing"), config.advertisePeerUrls(),
                config.advertiseClientUrls(), TimeUnit.MILLISECONDS.toNanos(config.heartbeatMillis()),
                config.electionTicks(), config.preVote(), config.initialElectionTickAdvance(),
                config.requestTimeoutNanos(), config.snapshotCount(), config.snapshotCatchupEntries(),
                config.maxSnapshots(), config.maxWals(), config.quotaBytes(), config.compactionBatchLimit(),
                config.compactionSleepNanos(), 1);
    }

    private static RaftLogger raftLogger() {
        Logger raft = LoggerFactory.getLogger("raft");
        return new RaftLogger() {
            @Override
            public boolean takes(Level level) {
                return level != Level.DEBUG || raft.isDebugEnabled();
            }

            @Override
            public void log(Level level, String line) {
                switch (level) {
                    case DEBUG -> raft.debug(line);
                    case INFO -> raft.info(line);
                    case WARN -> raft.warn(line);
                    case ERROR -> raft.error(line);
                }
            }
        };
    }

    /** The member inside, for embedding and tests. */
    LocalMember member() {
        return member;
    }

    /** Ends calls, agents and files in etcd's order; clients get up to the request timeout to leave. */
    @Override
    public void close() {
        LOG.atInfo().addKeyValue("name", config.name()).addKeyValue("data-dir", config.dataDir().toString())
                .addKeyValue("advertise-peer-urls", config.advertisePeerUrls())
                .addKeyValue("advertise-client-urls", config.advertiseClientUrls())
                .log("closing etcd server");
        for (RpcServer listener : listeners) {
            listener.shutdownGracefully(config.requestTimeoutNanos()).completeOnTimeout(null,
                    2 * config.requestTimeoutNanos(), TimeUnit.NANOSECONDS).join();
        }
        LOG.atInfo().addKeyValue("local-member-id", Member.hex(member.id()))
                .addKeyValue("current-leader-member-id", Member.hex(member.consensus().leadership().leader()))
                .log("skipped leadership transfer for single voting member cluster");
        release();
        LOG.atInfo().addKeyValue("name", config.name()).addKeyValue("data-dir", config.dataDir().toString())
                .addKeyValue("advertise-peer-urls", config.advertisePeerUrls())
                .addKeyValue("advertise-client-urls", config.advertiseClientUrls())
                .log("closed etcd server");
    }

    private void release() {
        for (RpcServer listener : listeners) listener.close();
        listeners.clear();
        for (AgentThread thread : threads) thread.close();
        threads.clear();
        if (member != null) member.close();
        loops.close(); // last: what ends above may still answer calls
    }
}
