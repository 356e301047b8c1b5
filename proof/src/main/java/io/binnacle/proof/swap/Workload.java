package io.binnacle.proof.swap;

import com.google.protobuf.ByteString;
import io.binnacle.api.authpb.Permission;
import io.binnacle.api.etcdserverpb.AuthRoleAddRequest;
import io.binnacle.api.etcdserverpb.AuthRoleAddResponse;
import io.binnacle.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.binnacle.api.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.AuthUserAddResponse;
import io.binnacle.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.binnacle.api.etcdserverpb.AuthUserGrantRoleResponse;
import io.binnacle.api.etcdserverpb.Compare;
import io.binnacle.api.etcdserverpb.DefragmentRequest;
import io.binnacle.api.etcdserverpb.DefragmentResponse;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantResponse;
import io.binnacle.api.etcdserverpb.LeaseRevokeRequest;
import io.binnacle.api.etcdserverpb.LeaseRevokeResponse;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RequestOp;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.proof.client.EtcdClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A seeded stream of requests of all kinds that change state. One thread; lives as long as its history, across servers. */
final class Workload {
    private static final int KEYS = 40;
    private static final int VALUE_BYTES_MAX = 3000;
    private static final int LEASE_SECONDS = 36_000; // longer than any history, so none expires

    private final Random random;
    private final List<Long> leases = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long nextLease = 1000;
    private int users;

    Workload(long seed) {
        random = new Random(seed);
    }

    /** Makes that many requests; auth records only where the server has them. */
    void run(EtcdClient client, int requests, boolean auth) {
        for (int i = 0; i < requests; i++) {
            int dice = random.nextInt(100);
            if (dice < 55) {
                PutRequest put = put();
                revision = client.put(put).orThrow().getHeader().getRevision();
            } else if (dice < 68) {
                revision = client.delete(delete()).orThrow().getHeader().getRevision();
            } else if (dice < 84) {
                revision = client.txn(txn()).orThrow().getHeader().getRevision();
            } else if (dice < 90) {
                lease(client);
            } else if (dice < 93 && revision - compacted > 20) {
                compacted = compacted + 1 + random.nextLong(revision - compacted - 10);
                client.compact(compacted, random.nextBoolean()).orThrow();
            } else if (dice < 94) {
                client.call("/etcdserverpb.Maintenance/Defragment", DefragmentRequest.getDefaultInstance(), DefragmentResponse.parser())
                        .orThrow();
            } else if (dice < 97 && auth) {
                authRecords(client);
            }
        }
    }

    private ByteString key() {
        return ByteString.copyFromUtf8("k" + random.nextInt(KEYS));
    }

    private PutRequest put() {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(VALUE_BYTES_MAX) : random.nextInt(40)];
        random.nextBytes(value);
        PutRequest.Builder put = PutRequest.newBuilder().setKey(key()).setValue(ByteString.copyFrom(value));
        if (!leases.isEmpty() && random.nextInt(4) == 0) {
            put.setLease(leases.get(random.nextInt(leases.size())));
        }
        return put.build();
    }

    private DeleteRangeRequest delete() {
        DeleteRangeRequest.Builder delete = DeleteRangeRequest.newBuilder().setKey(key());
        if (random.nextInt(8) == 0) {
            delete.setRangeEnd(ByteString.copyFromUtf8("k3")); // an empty range where the key is above: then nothing happens
        }
        return delete.build();
    }

    private TxnRequest txn() {
        Compare compare = Compare.newBuilder().setKey(key()).setTarget(Compare.CompareTarget.VERSION)
                .setResult(Compare.CompareResult.GREATER).setVersion(random.nextInt(3)).build();
        TxnRequest.Builder txn = TxnRequest.newBuilder().addCompare(compare);
        int first = random.nextInt(KEYS);
        for (int i = 0; i < 1 + random.nextInt(3); i++) { // distinct keys: a key may be put once a txn
            PutRequest put = put().toBuilder().setKey(ByteString.copyFromUtf8("k" + (first + i))).build();
            txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
        }
        txn.addFailure(RequestOp.newBuilder().setRequestDeleteRange(delete()));
        txn.addFailure(RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("f"))));
        return txn.build();
    }

    private void lease(EtcdClient client) {
        if (leases.size() < 3 || random.nextInt(3) > 0) {
            long id = ++nextLease;
            LeaseGrantRequest grant = LeaseGrantRequest.newBuilder().setID(id).setTTL(LEASE_SECONDS).build();
            client.call("/etcdserverpb.Lease/LeaseGrant", grant, LeaseGrantResponse.parser()).orThrow();
            leases.add(id);
        } else {
            long id = leases.remove(random.nextInt(leases.size()));
            LeaseRevokeRequest revoke = LeaseRevokeRequest.newBuilder().setID(id).build();
            revision = client.call("/etcdserverpb.Lease/LeaseRevoke", revoke, LeaseRevokeResponse.parser())
                    .orThrow()
                    .getHeader()
                    .getRevision();
        }
    }

    private void authRecords(EtcdClient client) {
        String user = "u" + ++users;
        String role = "r" + users;
        client.call(
                        "/etcdserverpb.Auth/UserAdd",
                        AuthUserAddRequest.newBuilder().setName(user).setPassword("pw" + users).build(),
                        AuthUserAddResponse.parser())
                .orThrow();
        client.call("/etcdserverpb.Auth/RoleAdd", AuthRoleAddRequest.newBuilder().setName(role).build(), AuthRoleAddResponse.parser())
                .orThrow();
        Permission permission = Permission.newBuilder().setPermType(Permission.Type.READWRITE).setKey(key()).build();
        client.call(
                        "/etcdserverpb.Auth/RoleGrantPermission",
                        AuthRoleGrantPermissionRequest.newBuilder().setName(role).setPerm(permission).build(),
                        AuthRoleGrantPermissionResponse.parser())
                .orThrow();
        client.call(
                        "/etcdserverpb.Auth/UserGrantRole",
                        AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build(),
                        AuthUserGrantRoleResponse.parser())
                .orThrow();
    }
}
