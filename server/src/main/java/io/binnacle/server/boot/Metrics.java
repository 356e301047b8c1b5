package io.binnacle.server.boot;

import io.binnacle.rpc.RpcObserver;
import io.binnacle.server.apply.Member;
import io.binnacle.server.apply.SemVer;
import io.binnacle.server.consensus.LocalMember;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The process's metrics: etcd's names for what exists here (shared contract: conformance/metrics.tsv), the process
 * series of Prometheus, and a few of the JVM.
 */
final class Metrics {

    private final Series series = new Series();
    private final RpcSeries rpc = new RpcSeries();
    private final LongAdder healthSuccess;
    private final LongAdder healthFailures;

    Metrics(ServerConfig config, LocalMember member) {
        series.read("etcd_server_has_leader", "gauge", "Whether or not a leader exists. 1 is existence, 0 is not.",
                () -> member.consensus().leadership().leader() == 0 ? 0 : 1);
        series.read("etcd_server_is_leader", "gauge", "Whether or not this member is a leader. 1 if is, 0 otherwise.",
                () -> member.consensus().leadership().local() ? 1 : 0);
        series.read("etcd_server_is_learner", "gauge", "Whether or not this member is a learner. 1 if is, 0 otherwise.",
                () -> isLearner(member) ? 1 : 0);
        series.read("etcd_server_leader_changes_seen_total", "counter", "The number of leader changes seen.",
                () -> member.consensus().leaderChanges());
        series.read("etcd_server_proposals_committed_total", "gauge", "The total number of consensus proposals committed.",
                () -> member.consensus().committed());
        series.read("etcd_server_proposals_applied_total", "gauge", "The total number of consensus proposals applied.",
                () -> member.published().appliedIndex());
        series.read("etcd_server_proposals_pending", "gauge", "The current number of pending proposals to commit.",
                () -> member.consensus().pendingProposals());
        series.read("etcd_server_quota_backend_bytes", "gauge", "Current backend storage quota size in bytes.",
                config::quotaBytes);
        series.constant("etcd_server_version", "Which version is running. 1 for 'server_version' label with current version.",
                "server_version=\"" + SemVer.SERVER + "\"", 1);
        series.constant("etcd_server_id", "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.",
                "server_id=\"" + Member.hex(member.id()) + "\"", 1);
        series.family(out -> {
            SemVer version = member.membership().clusterVersion();
            if (version == null) return;
            Series.head(out, "etcd_cluster_version", "gauge",
                    "Which version is running. 1 for 'cluster_version' label with current cluster version");
            Series.line(out, "etcd_cluster_version", "cluster_version=\"" + version.majorMinor() + "\"", 1);
        });
        series.read("etcd_mvcc_db_total_size_in_bytes", "gauge", "Total size of the underlying database physically allocated in bytes.",
                () -> member.backend().sizeBytes());
        series.read("etcd_mvcc_db_total_size_in_use_in_bytes", "gauge", "Total size of the underlying database logically in use in bytes.",
                () -> member.backend().sizeInUseBytes());
        series.read("etcd_debugging_mvcc_current_revision", "gauge", "The current revision of store.",
                () -> member.published().kv().revision());
        series.read("etcd_debugging_mvcc_compact_revision", "gauge", "The revision of the last compaction in store.",
                () -> Math.max(0, member.published().kv().compactRevision()));
        series.read("etcd_debugging_auth_revision", "gauge", "The current revision of auth store.",
                () -> member.published().auth().revision());
        series.read("binnacle_backend_uncommitted_bytes", "gauge", "Bytes that wait to be written to the database file.",
                () -> member.backend().uncommittedBytes());
        series.read("binnacle_wal_syncs_total", "counter", "Syncs of the log that entries, terms or votes asked for.",
                member::logSyncs);
        series.read("binnacle_leases", "gauge", "Leases that exist.", () -> member.leases().all().size());
        healthSuccess = series.counter("etcd_server_health_success", "The total number of successful health checks");
        healthFailures = series.counter("etcd_server_health_failures", "The total number of failed health checks");
        series.family(rpc);
        process();
    }

    private static boolean isLearner(LocalMember member) {
        Member self = member.membership().member(member.id());
        return self != null && self.learner();
    }

    private void process() {
        var os = ManagementFactory.getOperatingSystemMXBean();
        if (os instanceof com.sun.management.OperatingSystemMXBean more) {
            series.read("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.",
                    () -> more.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1));
        }
        if (os instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
            series.read("process_open_fds", "gauge", "Number of open file descriptors.", unix::getOpenFileDescriptorCount);
            series.read("process_max_fds", "gauge", "Maximum number of open file descriptors.", unix::getMaxFileDescriptorCount);
        }
        series.read("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", () -> statusKiB("VmRSS:") * 1024);
        series.read("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.", () -> statusKiB("VmSize:") * 1024);
        double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0;
        series.read("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.", () -> started);
        var memory = ManagementFactory.getMemoryMXBean();
        series.read("jvm_memory_heap_used_bytes", "gauge", "Used bytes of the heap.", () -> memory.getHeapMemoryUsage().getUsed());
        series.read("jvm_memory_heap_committed_bytes", "gauge", "Committed bytes of the heap.",
                () -> memory.getHeapMemoryUsage().getCommitted());
        series.read("jvm_gc_collection_seconds_total", "counter", "Time spent in collections.",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(collector -> Math.max(0, collector.getCollectionTime())).sum() / 1000.0);
    }

    /** A line of {@code /proc/self/status}; 0 where there is no such file, that is outside Linux. */
    private static double statusKiB(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }

    /** What the transport reports to. */
    RpcObserver rpc() {
        return rpc;
    }

    /** A health check was answered. */
    void health(boolean good) {
        (good ? healthSuccess : healthFailures).increment();
    }

    /** The whole scrape. */
    String text() {
        return series.text();
    }

}
