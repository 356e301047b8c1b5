package io.binnacle.server.boot;

import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.RpcObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** The grpc_server_* series, under the names of the usual Go interceptor, and etcd's byte counters. */
final class RpcSeries implements RpcObserver, Series.Family {

    private final TreeMap<String, MethodCounts> byLabels = new TreeMap<>(); // guarded by itself
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();

    @Override
    public MethodObserver method(RpcMethod method, int loopIndex) {
        String labels = "grpc_method=\"" + method.method() + "\",grpc_service=\"" + method.service() + "\",grpc_type=\""
                + typeOf(method.kind()) + "\"";
        synchronized (byLabels) {
            return byLabels.computeIfAbsent(labels, same -> new MethodCounts());
        }
    }

    private static String typeOf(CallKind kind) {
        return switch (kind) {
            case UNARY -> "unary";
            case SERVER_STREAM -> "server_stream";
            case CLIENT_STREAM -> "client_stream";
            case BIDI -> "bidi_stream";
        };
    }

    private final class MethodCounts implements MethodObserver {
        final LongAdder started = new LongAdder();
        final LongAdder received = new LongAdder();
        final LongAdder sent = new LongAdder();
        final LongAdder[] handled = new LongAdder[Code.values().length];

        MethodCounts() {
            for (int at = 0; at < handled.length; at++) handled[at] = new LongAdder();
        }

        @Override
        public void started() {
            started.increment();
        }

        @Override
        public void received(long bytes) {
            received.increment();
            receivedBytes.add(bytes);
        }

        @Override
        public void sent(long bytes) {
            sent.increment();
            sentBytes.add(bytes);
        }

        @Override
        public void handled(Code code, long nanos) {
            handled[code.number()].increment();
        }
    }

    private interface Value {
        LongAdder of(MethodCounts counts);
    }

    @Override
    public void write(StringBuilder out) {
        List<String> labels;
        List<MethodCounts> counts;
        synchronized (byLabels) {
            labels = new ArrayList<>(byLabels.keySet());
            counts = new ArrayList<>(byLabels.values());
        }
        Series.head(out, "grpc_server_handled_total", "counter",
                "Total number of RPCs completed on the server, regardless of success or failure.");
        for (int at = 0; at < labels.size(); at++) {
            for (Code code : Code.values()) {
                Series.line(out, "grpc_server_handled_total", "grpc_code=\"" + code.title() + "\"," + labels.get(at),
                        (double) counts.get(at).handled[code.number()].sum());
            }
        }
        write(out, "grpc_server_msg_received_total", "Total number of RPC stream messages received on the server.",
                labels, counts, one -> one.received);
        write(out, "grpc_server_msg_sent_total", "Total number of gRPC stream messages sent by the server.",
                labels, counts, one -> one.sent);
        write(out, "grpc_server_started_total", "Total number of RPCs started on the server.",
                labels, counts, one -> one.started);
        Series.head(out, "etcd_network_client_grpc_received_bytes_total", "counter",
                "The total number of bytes received from grpc clients.");
        Series.line(out, "etcd_network_client_grpc_received_bytes_total", "", (double) receivedBytes.sum());
        Series.head(out, "etcd_network_client_grpc_sent_bytes_total", "counter",
                "The total number of bytes sent to grpc clients.");
        Series.line(out, "etcd_network_client_grpc_sent_bytes_total", "", (double) sentBytes.sum());
    }

    private static void write(StringBuilder out, String name, String help, List<String> labels, List<MethodCounts> counts,
            Value value) {
        Series.head(out, name, "counter", help);
        for (int at = 0; at < labels.size(); at++) {
            Series.line(out, name, labels.get(at), (double) value.of(counts.get(at)).sum());
        }
    }
}
