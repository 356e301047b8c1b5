package io.binnacle.server.boot;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.Compare;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.LeaseKeepAliveRequest;
import io.binnacle.api.etcdserverpb.MemberListRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RequestOp;
import io.binnacle.api.etcdserverpb.StatusRequest;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.WatchCreateRequest;
import io.binnacle.api.etcdserverpb.WatchRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Run by the launcher in the background to train the ahead-of-time cache (ADR 0005): a member on a directory of its own and on free
 * loopback ports, driven through its sockets by the calls that a cluster's first minutes are made of, then closed. Runs on the main
 * thread; ends with 0 if every call was answered, and by an exception otherwise.
 */
final class Training {
    private static final int ROUNDS = 150;
    private static final ByteString VALUE = ByteString.copyFrom(new byte[256]);

    private final TrainingConnection connection;

    private Training(TrainingConnection connection) {
        this.connection = connection;
    }

    /** The argument: a data directory to make. */
    public static void main(String[] arguments) throws Exception {
        Logs.setUp("info", List.of("stderr"));
        Path directory = Path.of(arguments[0]);
        ServerConfig config = ServerConfig.of(Flags.parse(EtcdFlags.all(), List.of(
                "--data-dir=" + directory,
                "--listen-client-urls=http://127.0.0.1:0",
                "--advertise-client-urls=http://127.0.0.1:0",
                "--listen-peer-urls=http://127.0.0.1:0")));
        try (Server server = Server.start(config, why -> Runtime.getRuntime().halt(1))) {
            server.serveWhenReady();
            InetSocketAddress address = server.clientAddress();
            try (TrainingConnection connection = TrainingConnection.open(address)) {
                new Training(connection).drive();
            }
            for (String path : List.of("/health", "/version", "/metrics")) {
                TrainingConnection.get(address, path);
            }
        }
    }

    private void drive() throws IOException {
        connection.open("/etcdserverpb.Watch/Watch", WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key(0)).setRangeEnd(ByteString.copyFromUtf8("z")))
                .build().toByteArray());
        long lease = 4711;
        unary("Lease/LeaseGrant", LeaseGrantRequest.newBuilder().setTTL(600).setID(lease).build());
        connection.open("/etcdserverpb.Lease/LeaseKeepAlive", LeaseKeepAliveRequest.newBuilder().setID(lease).build().toByteArray());
        for (int i = 0; i < ROUNDS; i++) {
            unary("KV/Put", PutRequest.newBuilder().setKey(key(i)).setValue(VALUE).setLease(i % 10 == 0 ? lease : 0).build());
            unary("KV/Range", RangeRequest.newBuilder().setKey(key(i)).setSerializable(i % 2 == 0).build());
            unary("KV/Txn", guardedUpdate(i));
        }
        unary("KV/Range", RangeRequest.newBuilder().setKey(key(0)).setRangeEnd(ByteString.copyFromUtf8("z")).setLimit(50).build());
        unary("KV/DeleteRange", DeleteRangeRequest.newBuilder().setKey(key(1)).setPrevKv(true).build());
        unary("KV/Compact", CompactionRequest.newBuilder().setRevision(ROUNDS).build());
        unary("Maintenance/Status", StatusRequest.getDefaultInstance());
        unary("Cluster/MemberList", MemberListRequest.getDefaultInstance());
    }

    /** What a Kubernetes control plane writes with. */
    private static TxnRequest guardedUpdate(int i) {
        return TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder().setKey(key(i)).setTarget(Compare.CompareTarget.MOD).setModRevision(i))
                .addSuccess(RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(key(i)).setValue(VALUE)))
                .addFailure(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key(i))))
                .build();
    }

    private void unary(String method, MessageLite request) throws IOException {
        connection.call("/etcdserverpb." + method, request.toByteArray());
    }

    private static ByteString key(int i) {
        return ByteString.copyFromUtf8(String.format(Locale.ROOT, "/registry/pods/default/training-%03d", i));
    }
}
