package io.binnacle.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.binnacle.api.etcdserverpb.LeaseCheckpoint;
import io.binnacle.api.etcdserverpb.LeaseCheckpointRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.LeaseRevokeRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.base.Bytes;
import io.binnacle.server.apply.Leases.Renewal;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Leases follow api.md §7: time is the leader's alone, existence is everybody's. */
class LeasesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AppliedState state;

    LeasesTest() throws Exception {
        state = new AppliedState();
    }

    @Test
    void aGrantRaisesShortTimesAndRefusesLongOnesAndTakenIds() {
        assertThat(grant(1, 0)).isEqualTo("ok");
        assertThat(grant(-5, -7)).isEqualTo("ok");
        assertThat(grant(1, 10)).isEqualTo("LEASE_EXISTS");
        assertThat(grant(2, Leases.TTL_SECONDS_MAX)).isEqualTo("ok");
        assertThat(grant(3, Leases.TTL_SECONDS_MAX + 1)).isEqualTo("LEASE_TTL_TOO_LARGE");
        assertThat(found(1).ttlSeconds()).isEqualTo(AppliedState.TTL_SECONDS_MIN);
        assertThat(found(-5).ttlSeconds()).isEqualTo(AppliedState.TTL_SECONDS_MIN);
        assertThat(state.store.revision()).as("a grant uses no revision").isEqualTo(1);
    }

    @Test
    void aRevocationDeletesTheKeysInOneRevisionAndInOrder() {
        grant(1, 10);
        for (String key : List.of("c", "a", "b")) put(key, 1);
        long before = state.store.revision();
        state.changed.clear();

        assertThat(revoke(1)).isEqualTo("ok");

        assertThat(state.store.revision()).isEqualTo(before + 1);
        assertThat(state.changed).hasSize(1);
        assertThat(state.changed.getFirst().events()).extracting(event -> event.key().toUtf8()).containsExactly("a", "b", "c");
        assertThat(revoke(1)).isEqualTo("LEASE_NOT_FOUND");
        grant(2, 10);
        long without = state.store.revision();
        assertThat(revoke(2)).isEqualTo("ok");
        assertThat(state.store.revision()).as("no keys, no revision").isEqualTo(without);
    }

    @Test
    void aKeyBelongsToItsLastLeaseAlone() {
        grant(1, 10);
        grant(2, 10);
        put("k", 1);
        put("k", 2);

        assertThat(found(1).keys()).isEmpty();
        assertThat(found(2).keys()).containsExactly(Bytes.utf8("k"));
        put("k", 0);
        assertThat(found(2).keys()).isEmpty();
        assertThat(said(state.apply(Kind.PUT, PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).setLease(99).build())))
                .isEqualTo("LEASE_NOT_FOUND");
    }

    @Test
    void onlyALeaderLetsLeasesExpireAndNeverEarly() {
        grant(1, 10);
        assertThat(state.leases.takeExpired(500, 1000 * SECOND)).isEmpty();
        assertThat(state.leases.renew(1, 0)).isInstanceOf(Renewal.NotPrimary.class);

        state.leases.promote(SECOND, 0);
        assertThat(state.leases.takeExpired(500, 11 * SECOND - 1)).isEmpty();
        assertThat(state.leases.takeExpired(500, 11 * SECOND)).containsExactly(1L);
        assertThat(state.leases.renew(1, 11 * SECOND)).isInstanceOf(Renewal.Expired.class);
        assertThat(state.leases.takeExpired(500, 12 * SECOND)).as("just given out").isEmpty();
        assertThat(state.leases.takeExpired(500, 14 * SECOND)).as("not done in time").containsExactly(1L);

        state.leases.demote();
        assertThat(state.leases.takeExpired(500, 1000 * SECOND)).isEmpty();
    }

    @Test
    void aRenewedLeaseLivesItsWholeTimeAgain() {
        state.leases.promote(0, 0);
        state.nowNanos = 0;
        grant(1, 10);

        assertThat(state.leases.renew(1, 9 * SECOND)).isEqualTo(new Renewal.Renewed(10));
        assertThat(state.leases.takeExpired(500, 19 * SECOND - 1)).isEmpty();
        assertThat(state.leases.takeExpired(500, 19 * SECOND)).containsExactly(1L);
        assertThat(state.leases.renew(7, 0)).isInstanceOf(Renewal.Unknown.class);
    }

    @Test
    void aNewLeaderGoesOnFromTheLastCheckpointAndRestartKeepsIt() throws Exception {
        state.apply(Kind.CLUSTER_VERSION_SET,
                io.binnacle.api.membershippb.ClusterVersionSetRequest.newBuilder().setVer("3.7.0").build());
        grant(1, 100);
        put("k", 1);
        state.apply(Kind.LEASE_CHECKPOINT, LeaseCheckpointRequest.newBuilder()
                .addCheckpoints(LeaseCheckpoint.newBuilder().setID(1).setRemainingTTL(30)).build());

        AppliedState again = new AppliedState(state.backend, -1);
        again.leases.promote(0, 0);

        assertThat(again.leases.takeExpired(500, 30 * SECOND - 1)).isEmpty();
        assertThat(again.leases.takeExpired(500, 30 * SECOND)).containsExactly(1L);
        Lease restored = again.leases.find(1);
        assertThat(restored == null ? null : restored.keys()).containsExactly(Bytes.utf8("k"));
    }

    @Test
    void aCrowdOfLeasesExpiresAtABoundedRateUnderANewLeader() {
        for (int id = 1; id <= 5000; id++) grant(id, 10);

        state.leases.promote(0, 0);

        TreeMap<Long, Integer> perSecond = new TreeMap<>();
        int all = 0;
        for (long halves = 20; all < 5000 && halves < 200; halves++) {
            List<Long> taken = state.leases.takeExpired(10_000, halves * SECOND / 2);
            taken.forEach(this::revoke);
            perSecond.merge(halves / 2, taken.size(), Integer::sum);
            all += taken.size();
        }
        assertThat(all).isEqualTo(5000);
        assertThat(perSecond.values()).allMatch(count -> count <= 750);
        assertThat(perSecond.firstKey()).isEqualTo(10);
    }

    private String grant(long id, long ttl) {
        return said(state.apply(Kind.LEASE_GRANT, LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build()));
    }

    private String revoke(long id) {
        return said(state.apply(Kind.LEASE_REVOKE, LeaseRevokeRequest.newBuilder().setID(id).build()));
    }

    private void put(String key, long lease) {
        assertThat(said(state.apply(Kind.PUT, PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8("v")).setLease(lease).build()))).isEqualTo("ok");
    }

    private Lease found(long id) {
        Lease lease = state.leases.find(id);
        if (lease == null) throw new AssertionError("no lease " + id);
        return lease;
    }

    private static String said(Outcome outcome) {
        return outcome instanceof Outcome.Refused(Refusal why) ? why.name() : "ok";
    }
}
