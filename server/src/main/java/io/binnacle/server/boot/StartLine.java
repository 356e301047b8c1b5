package io.binnacle.server.boot;

import io.binnacle.server.apply.SemVer;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one log line that says how a member was configured, with etcd's field names (shared contract: server.md §5.3). */
final class StartLine {

    private static final Logger LOG = LoggerFactory.getLogger(StartLine.class);

    private StartLine() {}

    static void log(ServerConfig config) {
        LOG.atInfo()
                .addKeyValue("etcd-version", SemVer.SERVER.toString())
                .addKeyValue("binnacle-version", version())
                .addKeyValue("java-version", System.getProperty("java.version"))
                .addKeyValue("member-initialized", Files.isDirectory(config.dataDir().resolve("member")))
                .addKeyValue("name", config.name())
                .addKeyValue("data-dir", config.dataDir().toString())
                .addKeyValue("wal-dir", config.walDir().toString())
                .addKeyValue("member-dir", config.dataDir().resolve("member").toString())
                .addKeyValue("heartbeat-interval", GoNumbers.duration(config.heartbeatMillis() * 1_000_000))
                .addKeyValue("election-timeout", GoNumbers.duration(config.electionMillis() * 1_000_000))
                .addKeyValue("initial-election-tick-advance", config.initialElectionTickAdvance())
                .addKeyValue("snapshot-count", config.snapshotCount())
                .addKeyValue("max-wals", config.maxWals())
                .addKeyValue("max-snapshots", config.maxSnapshots())
                .addKeyValue("snapshot-catchup-entries", config.snapshotCatchupEntries())
                .addKeyValue("initial-advertise-peer-urls", config.advertisePeerUrls())
                .addKeyValue("listen-peer-urls", config.listenPeerUrls())
                .addKeyValue("advertise-client-urls", config.advertiseClientUrls())
                .addKeyValue("listen-client-urls", config.listenClientUrls())
                .addKeyValue("listen-metrics-urls", config.listenMetricsUrls())
                .addKeyValue("initial-cluster", config.initialClusterText())
                .addKeyValue("initial-cluster-state", config.initialClusterState())
                .addKeyValue("initial-cluster-token", config.initialClusterToken())
                .addKeyValue("quota-backend-bytes", config.quotaBytes())
                .addKeyValue("max-request-bytes", config.maxRequestBytes())
                .addKeyValue("max-concurrent-streams", config.maxConcurrentStreams())
                .addKeyValue("pre-vote", config.preVote())
                .addKeyValue("v2-deprecation", "write-only")
                .log("starting an etcd server");
    }

    /** The version of this program itself, from its jar; "development" where it runs from something else. */
    static String version() {
        String version = StartLine.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
