package io.binnacle.proof.client;

import com.google.protobuf.ByteString;
import io.binnacle.api.etcdserverpb.AuthRoleListRequest;
import io.binnacle.api.etcdserverpb.AuthRoleListResponse;
import io.binnacle.api.etcdserverpb.AuthUserGetRequest;
import io.binnacle.api.etcdserverpb.AuthUserGetResponse;
import io.binnacle.api.etcdserverpb.AuthUserListRequest;
import io.binnacle.api.etcdserverpb.AuthUserListResponse;
import io.binnacle.api.etcdserverpb.HashKVResponse;
import io.binnacle.api.etcdserverpb.LeaseLeasesRequest;
import io.binnacle.api.etcdserverpb.LeaseLeasesResponse;
import io.binnacle.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.binnacle.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.binnacle.api.etcdserverpb.RangeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member says about its state; two servers that hold the same data say the same.
 *
 * @param revision the newest revision
 * @param compactRevision the compacted one
 * @param hashes HashKV by revision, above the compacted one
 * @param live every key with its metadata, as text
 * @param leases granted TTL in seconds and attached keys, by lease id in decimal
 * @param users every user with its roles, and the roles; null where the server does not implement the auth service
 */
public record Facts(
        long revision,
        long compactRevision,
        SortedMap<Long, Integer> hashes,
        List<String> live,
        SortedMap<String, String> leases,
        @Nullable List<String> users) {
    private static final int HASHES_MAX = 6;
    private static final int UNIMPLEMENTED = 12;

    /** Copies the collections. */
    public Facts {
        hashes = new TreeMap<>(hashes);
        live = List.copyOf(live);
        leases = new TreeMap<>(leases);
        users = users == null ? null : List.copyOf(users);
    }

    /** Asks a member that nobody writes to. */
    public static Facts of(EtcdClient client) {
        RangeResponse all = client.everything();
        long revision = all.getHeader().getRevision();
        HashKVResponse newest = client.hashKv(0).orThrow();
        long compacted = newest.getCompactRevision();
        TreeMap<Long, Integer> hashes = new TreeMap<>();
        hashes.put(revision, newest.getHash());
        long step = Math.max(1, (revision - compacted) / HASHES_MAX);
        for (long at = revision - step; at > Math.max(compacted, 1) && hashes.size() < HASHES_MAX; at -= step) {
            hashes.put(at, client.hashKv(at).orThrow().getHash());
        }
        List<String> live = all.getKvsList().stream().map(kv -> Integer.toHexString(kv.toByteString().hashCode()) + " "
                + kv.getKey().toStringUtf8() + " " + kv.getCreateRevision() + "/" + kv.getModRevision() + "/" + kv.getVersion()
                + " lease " + kv.getLease()).toList();
        return new Facts(revision, compacted, hashes, live, leases(client), users(client));
    }

    private static TreeMap<String, String> leases(EtcdClient client) {
        TreeMap<String, String> leases = new TreeMap<>();
        LeaseLeasesResponse list = client.call(
                        "/etcdserverpb.Lease/LeaseLeases", LeaseLeasesRequest.getDefaultInstance(), LeaseLeasesResponse.parser())
                .orThrow();
        list.getLeasesList().forEach(lease -> {
            LeaseTimeToLiveResponse one = client.call(
                            "/etcdserverpb.Lease/LeaseTimeToLive",
                            LeaseTimeToLiveRequest.newBuilder().setID(lease.getID()).setKeys(true).build(),
                            LeaseTimeToLiveResponse.parser())
                    .orThrow();
            List<String> keys = one.getKeysList().stream().map(ByteString::toStringUtf8).sorted().toList();
            leases.put(Long.toString(lease.getID()), one.getGrantedTTL() + " " + keys);
        });
        return leases;
    }

    private static @Nullable List<String> users(EtcdClient client) {
        Answer<AuthUserListResponse> list =
                client.call("/etcdserverpb.Auth/UserList", AuthUserListRequest.getDefaultInstance(), AuthUserListResponse.parser());
        if (list instanceof Answer.Failed<AuthUserListResponse>(int code, String _) && code == UNIMPLEMENTED) {
            return null;
        }
        TreeMap<String, String> users = new TreeMap<>();
        for (String user : list.orThrow().getUsersList()) {
            AuthUserGetResponse one = client.call(
                            "/etcdserverpb.Auth/UserGet",
                            AuthUserGetRequest.newBuilder().setName(user).build(),
                            AuthUserGetResponse.parser())
                    .orThrow();
            users.put("user " + user, one.getRolesList().toString());
        }
        AuthRoleListResponse roles = client.call(
                        "/etcdserverpb.Auth/RoleList", AuthRoleListRequest.getDefaultInstance(), AuthRoleListResponse.parser())
                .orThrow();
        roles.getRolesList().forEach(role -> users.put("role " + role, ""));
        return users.entrySet().stream().map(e -> e.getKey() + e.getValue()).toList();
    }

    /** HashKV at the newest revision. */
    public int newestHash() {
        Integer hash = hashes.get(revision);
        if (hash == null) {
            throw new IllegalStateException("no hash at revision " + revision);
        }
        return hash;
    }

    /** What differs between two, or nothing; users count only where both tell them. */
    public List<String> differences(Facts later) {
        List<String> found = new ArrayList<>();
        if (revision != later.revision || compactRevision != later.compactRevision) {
            found.add("revision/compacted " + revision + "/" + compactRevision + " became " + later.revision + "/" + later.compactRevision);
        }
        if (!hashes.equals(later.hashes)) {
            found.add("HashKV " + hashes + " became " + later.hashes);
        }
        if (!live.equals(later.live)) {
            found.add("keys " + live + " became " + later.live);
        }
        if (!leases.equals(later.leases)) {
            found.add("leases " + leases + " became " + later.leases);
        }
        if (users != null && later.users != null && !users.equals(later.users)) {
            found.add("users " + users + " became " + later.users);
        }
        return found;
    }
}
