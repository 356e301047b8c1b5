package io.binnacle.server.boot;

import io.binnacle.server.boot.Flags.Definition;
import io.binnacle.server.boot.Flags.Support;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every flag of etcd 3.7's server with its type and what this release does with it (shared contract: conformance/flags.tsv). */
final class EtcdFlags {

    private static final Map<String, Definition> ALL = new LinkedHashMap<>();

    static {
        obeyed(FlagValue.TEXT, "name", "data-dir", "wal-dir", "initial-cluster", "initial-cluster-token", "logger",
                "log-level", "log-format", "metrics");
        obeyed(FlagValue.TEXTS, "log-outputs");
        obeyed(FlagValue.UINT, "snapshot-count", "heartbeat-interval", "election-timeout", "max-snapshots", "max-wals",
                "max-txn-ops", "max-request-bytes", "snapshot-catchup-entries");
        obeyed(FlagValue.UINT32, "max-concurrent-streams");
        obeyed(FlagValue.INT, "quota-backend-bytes", "compaction-batch-limit");
        obeyed(FlagValue.DURATION, "backend-batch-interval", "grpc-keepalive-min-time", "grpc-keepalive-interval",
                "grpc-keepalive-timeout", "compaction-sleep-interval", "watch-progress-notify-interval",
                "downgrade-check-time", "warning-apply-duration");
        obeyed(FlagValue.BOOL, "initial-election-tick-advance", "pre-vote", "version");
        obeyed(FlagValue.URLS, "listen-peer-urls", "listen-client-urls", "initial-advertise-peer-urls",
                "advertise-client-urls", "listen-metrics-urls");
        obeyed(FlagValue.CLUSTER_STATE, "initial-cluster-state");

        harmless(FlagValue.TEXT, "backend-bbolt-freelist-type");
        harmless(FlagValue.V2_STAGES, "v2-deprecation");
        harmless(FlagValue.DURATION, "raft-read-timeout", "raft-write-timeout", "warning-unary-request-duration",
                "compact-hash-check-time");
        harmless(FlagValue.BOOL, "memory-mlock", "unsafe-no-fsync", "strict-reconfig-check", "socket-reuse-port", "socket-reuse-address");
        harmless(FlagValue.UINT, "bcrypt-cost", "auth-token-ttl");
        harmless(FlagValue.INT, "max-learners", "backend-batch-limit");
        for (String ignored : new String[] {"cluster-active-size", "cluster-remove-delay", "cluster-sync-interval",
            "config", "force", "max-result-buffer", "max-retry-attempts", "peer-heartbeat-interval",
            "peer-election-timeout", "retry-interval", "snapshot", "v", "vv", "test.coverprofile", "test.outputdir"}) {
            ALL.put(ignored, new Definition(ignored, FlagValue.IGNORED, Support.HARMLESS));
        }

        refused(FlagValue.TEXT, "config-file", "discovery-token", "discovery-endpoints", "discovery-cert",
                "discovery-key", "discovery-cacert", "discovery-user", "discovery-password",
                "discovery-srv", "discovery-srv-name", "auto-compaction-retention", "auto-compaction-mode", "cert-file",
                "key-file", "client-cert-file", "client-key-file", "client-crl-file", "client-cert-allowed-hostname",
                "trusted-ca-file", "peer-cert-file", "peer-key-file", "peer-client-cert-file", "peer-client-key-file",
                "peer-trusted-ca-file", "peer-cert-allowed-cn", "peer-cert-allowed-hostname", "peer-crl-file",
                "cipher-suites", "tls-min-version", "tls-max-version", "host-whitelist", "auth-token",
                "log-rotation-config-json", "distributed-tracing-address", "distributed-tracing-service-name",
                "distributed-tracing-instance-id");
        refused(FlagValue.URLS, "listen-client-http-urls");
        refused(FlagValue.ORIGINS, "cors");
        refused(FlagValue.FALLBACK, "discovery-fallback");
        refused(FlagValue.GATES, "feature-gates");
        refused(FlagValue.DURATION, "discovery-dial-timeout", "discovery-request-timeout", "discovery-keepalive-time",
                "discovery-keepalive-timeout", "corrupt-check-time");
        refused(FlagValue.BOOL, "enable-grpc-gateway", "discovery-insecure-transport",
                "discovery-insecure-skip-tls-verify", "client-cert-auth", "auto-tls", "peer-client-cert-auth",
                "peer-auto-tls", "peer-skip-client-san-verification", "enable-pprof", "enable-log-rotation",
                "enable-distributed-tracing", "force-new-cluster");
        refused(FlagValue.UINT, "self-signed-cert-validity", "bootstrap-defrag-threshold-megabytes");
        refused(FlagValue.INT, "distributed-tracing-sampling-rate");
    }

    private EtcdFlags() {}

    /** By name. */
    static Map<String, Definition> all() {
        return ALL;
    }

    /** Whether the flag is one of etcd before version 1, accepted ever since and without effect. */
    static boolean isAncient(Map<String, Definition> definitions, String name) {
        Definition definition = definitions.get(name);
        return definition != null && definition.type() == FlagValue.IGNORED;
    }

    private static void obeyed(FlagValue type, String... names) {
        add(type, Support.OBEYED, names);
    }

    private static void harmless(FlagValue type, String... names) {
        add(type, Support.HARMLESS, names);
    }

    private static void refused(FlagValue type, String... names) {
        add(type, Support.REFUSED, names);
    }

    private static void add(FlagValue type, Support support, String... names) {
        for (String name : names) ALL.put(name, new Definition(name, type, support));
    }
}
