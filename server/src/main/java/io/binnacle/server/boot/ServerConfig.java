package io.binnacle.server.boot;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The validated configuration of one member; fields are named as etcd's flags. Times say their unit in their name.
 *
 * @param initialCluster peer URLs by member name
 * @param quotaBackendBytes as given: 0 means the default of 2 GiB, negative no limit
 */
record ServerConfig(
        String name, Path dataDir, boolean dataDirDefaulted, Path walDir,
        long snapshotCount, long snapshotCatchupEntries, int maxSnapshots, int maxWals,
        long heartbeatMillis, long electionMillis, boolean initialElectionTickAdvance, boolean preVote,
        List<String> listenPeerUrls, List<String> listenClientUrls, List<String> listenMetricsUrls,
        List<String> advertisePeerUrls, List<String> advertiseClientUrls,
        Map<String, List<String>> initialCluster, String initialClusterText, String initialClusterState,
        String initialClusterToken,
        long quotaBackendBytes, long backendBatchIntervalNanos,
        int maxTxnOps, int maxRequestBytes, long maxConcurrentStreams,
        long keepaliveMinTimeNanos, long keepaliveIntervalNanos, long keepaliveTimeoutNanos,
        int compactionBatchLimit, long compactionSleepNanos, long watchProgressNanos, long downgradeCheckNanos,
        long warningApplyNanos, String logLevel, List<String> logOutputs, boolean extensiveMetrics) {

    static final long QUOTA_DEFAULT_BYTES = 2L << 30;

    /** Ticks of the heartbeat interval in an election timeout. */
    int electionTicks() {
        return (int) (electionMillis / heartbeatMillis);
    }

    /** How long a request may wait for its outcome: 5 s and two election timeouts. */
    long requestTimeoutNanos() {
        return TimeUnit.SECONDS.toNanos(5) + 2 * TimeUnit.MILLISECONDS.toNanos(electionMillis);
    }

    /** The quota in force; negative for none. */
    long quotaBytes() {
        return quotaBackendBytes == 0 ? QUOTA_DEFAULT_BYTES : quotaBackendBytes;
    }

    /**
     * Makes the configuration from flags, checking in etcd's order (shared contract: server.md §1.7).
     *
     * @throws ConfigError for the first thing wrong, with etcd's text
     */
    static ServerConfig of(Flags flags) throws ConfigError {
        if (!flags.strays().isEmpty()) throw ConfigError.stray(flags.strays());
        if (!flags.refused().isEmpty()) throw ConfigError.unsupported(flags.refused().getFirst());
        checkLogging(flags);
        String name = flags.text("name", "default");
        List<String> listenPeer = flags.list("listen-peer-urls", List.of("http://localhost:2380"));
        List<String> listenClient = flags.list("listen-client-urls", List.of("http://localhost:2379"));
        List<String> listenMetrics = flags.list("listen-metrics-urls", List.of());
        checkBindable(listenPeer);
        checkBindable(listenClient);
        checkBindable(listenMetrics);
        List<String> advertisePeer = flags.list("initial-advertise-peer-urls", List.of("http://localhost:2380"));
        boolean clientGiven = flags.isSet("listen-client-urls") && !flags.isSet("advertise-client-urls");
        List<String> advertiseClient = flags.list("advertise-client-urls",
                clientGiven ? List.of() : List.of("http://localhost:2379"));

        checkReachable(advertisePeer, advertiseClient);
        long heartbeat = flags.number("heartbeat-interval", 100);
        long election = flags.number("election-timeout", 1000);
        if (heartbeat == 0) throw new ConfigError("--heartbeat-interval must be >0 (set to 0ms)");
        if (election == 0) throw new ConfigError("--election-timeout must be >0 (set to 0ms)");
        if (election < 5 * heartbeat) {
            throw new ConfigError("--election-timeout[" + election + "ms] should be at least as 5 times as "
                    + "--heartbeat-interval[" + heartbeat + "ms]");
        }
        if (election > 50_000) {
            throw new ConfigError("--election-timeout[" + election + "ms] is too long, and should be set less than 50000ms");
        }
        if (advertiseClient.isEmpty()) {
            throw new ConfigError("--advertise-client-urls is required when --listen-client-urls is set explicitly");
        }
        long hashCheck = flags.number("compact-hash-check-time", TimeUnit.MINUTES.toNanos(1));
        if (hashCheck <= 0) {
            throw new ConfigError("--compact-hash-check-time must be >0 (set to " + GoNumbers.duration(hashCheck) + ")");
        }
        boolean noDataDir = flags.text("data-dir", "").isEmpty();
        Path dataDir = Path.of(noDataDir ? name + ".etcd" : flags.text("data-dir", "")).toAbsolutePath().normalize();
        String walDir = flags.text("wal-dir", "");
        String cluster = flags.text("initial-cluster", defaultCluster(name, advertisePeer));
        return new ServerConfig(name, dataDir, noDataDir,
                walDir.isEmpty() ? dataDir.resolve("member/wal") : Path.of(walDir).toAbsolutePath().normalize(),
                positive(flags.number("snapshot-count", 10_000), 10_000),
                positive(flags.number("snapshot-catchup-entries", 5_000), 5_000),
                small(flags.number("max-snapshots", 5)), small(flags.number("max-wals", 5)),
                heartbeat, election, flags.bool("initial-election-tick-advance", true), flags.bool("pre-vote", true),
                listenPeer, listenClient, listenMetrics, advertisePeer, advertiseClient,
                clusterOf(cluster), cluster, flags.text("initial-cluster-state", "new"),
                flags.text("initial-cluster-token", "etcd-cluster"),
                flags.number("quota-backend-bytes", 0),
                positive(flags.number("backend-batch-interval", 0), TimeUnit.MILLISECONDS.toNanos(100)),
                small(flags.number("max-txn-ops", 128)), small(flags.number("max-request-bytes", 1_572_864)),
                flags.number("max-concurrent-streams", 4_294_967_295L),
                flags.number("grpc-keepalive-min-time", TimeUnit.SECONDS.toNanos(5)),
                flags.number("grpc-keepalive-interval", TimeUnit.HOURS.toNanos(2)),
                flags.number("grpc-keepalive-timeout", TimeUnit.SECONDS.toNanos(20)),
                small(positive(flags.number("compaction-batch-limit", 0), 1_000)),
                positive(flags.number("compaction-sleep-interval", 0), TimeUnit.MILLISECONDS.toNanos(10)),
                Math.max(TimeUnit.MILLISECONDS.toNanos(100),
                        positive(flags.number("watch-progress-notify-interval", 0), TimeUnit.MINUTES.toNanos(10))),
                positive(flags.number("downgrade-check-time", 0), TimeUnit.SECONDS.toNanos(5)),
                flags.number("warning-apply-duration", TimeUnit.MILLISECONDS.toNanos(100)),
                flags.text("log-level", "info"), flags.list("log-outputs", List.of("default")),
                flags.text("metrics", "basic").equals("extensive"));
    }

    private static void checkLogging(Flags flags) throws ConfigError {
        String logger = flags.text("logger", "zap");
        if (logger.equals("capnslog")) throw new ConfigError("--logger=capnslog is removed in v3.5");
        if (!logger.equals("zap")) throw new ConfigError("unknown logger option \"" + logger + "\"");
        String format = flags.text("log-format", "json");
        if (format.equals("console")) {
            throw new ConfigError("--log-format=console is not supported by this release of Binnacle: use json");
        }
        if (!format.equals("json")) {
            throw new ConfigError("unknown log format: " + format + ", supported values json, console");
        }
        List<String> outputs = flags.list("log-outputs", List.of("default"));
        if (outputs.size() > 1 && outputs.contains("default")) {
            throw new ConfigError("multi logoutput for \"default\" is not supported yet");
        }
        for (String output : outputs) {
            if (!List.of("default", "stderr", "stdout").contains(output)) {
                throw new ConfigError("--log-outputs=" + output
                        + " is not supported by this release of Binnacle: use stderr or stdout");
            }
        }
    }

    private static void checkBindable(List<String> urls) throws ConfigError {
        for (String url : urls) {
            if (!url.startsWith("http://")) {
                throw new ConfigError("the URL " + url + " is not supported by this release of Binnacle: only http:// is");
            }
            String host = URI.create(url).getHost();
            boolean literal = host != null && (host.equals("localhost") || host.startsWith("[") || host.matches("[0-9.]+"));
            if (!literal) throw new ConfigError("expected IP in URL for binding (" + url + ")");
        }
    }

    private static void checkReachable(List<String> peers, List<String> clients) throws ConfigError {
        for (String url : peers) {
            if (hasNoHost(url)) {
                throw new ConfigError("--initial-advertise-peer-urls \"" + String.join(",", peers)
                        + "\" must be \"host:port\" (unexpected empty host (" + url + "))");
            }
        }
        for (String url : clients) {
            if (hasNoHost(url)) {
                throw new ConfigError("--advertise-client-urls \"" + String.join(",", clients)
                        + "\" must be in the format \"host:port\", \"unix:/path/to/socket\" or \"unixs:/path/to/socket\" "
                        + "(unexpected empty host (" + url + "))");
            }
        }
    }

    private static boolean hasNoHost(String url) {
        return url.startsWith("http") && url.startsWith(":", url.indexOf("://") + 3);
    }

    private static String defaultCluster(String name, List<String> peerUrls) {
        List<String> entries = new ArrayList<>();
        for (String url : peerUrls) entries.add(name + "=" + url);
        return String.join(",", entries);
    }

    private static Map<String, List<String>> clusterOf(String text) throws ConfigError {
        Map<String, TreeSet<String>> members = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals < 0 || equals == entry.length() - 1) {
                throw new ConfigError("error setting up initial cluster: empty URL given for \"" + entry.replaceFirst("=$", "") + "\"");
            }
            try {
                members.computeIfAbsent(entry.substring(0, equals).strip(), name -> new TreeSet<>())
                        .add(FlagValue.checkedUrl(entry.substring(equals + 1).strip()));
            } catch (FlagValue.Invalid invalid) {
                throw new ConfigError("error setting up initial cluster: " + invalid.getMessage());
            }
        }
        Map<String, List<String>> sorted = new LinkedHashMap<>();
        members.forEach((name, urls) -> sorted.put(name, List.copyOf(urls)));
        return sorted;
    }

    private static long positive(long value, long otherwise) {
        return value > 0 ? value : otherwise;
    }

    private static int small(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
