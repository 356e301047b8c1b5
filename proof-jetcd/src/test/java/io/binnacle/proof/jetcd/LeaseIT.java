package io.binnacle.proof.jetcd;

import static io.binnacle.proof.jetcd.Jetcd.bytes;
import static io.binnacle.proof.jetcd.Jetcd.get;
import static io.binnacle.proof.jetcd.Jetcd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Lease;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.support.Observers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Leases: granted, asked about, kept alive, revoked, run out. */
final class LeaseIT {
    private static Jetcd jetcd;
    private static Lease leases;

    @BeforeAll
    static void start() throws Exception {
        jetcd = Jetcd.start();
        leases = jetcd.client().getLeaseClient();
    }

    @AfterAll
    static void stop() throws Exception {
        jetcd.close();
    }

    @Test
    void aLeaseKnowsItsTimeAndItsKeys() throws Exception {
        long id = get(leases.grant(60)).getID();
        put("lease/a", id);
        put("lease/b", id);

        LeaseTimeToLiveResponse answer = get(leases.timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));

        assertThat(answer.getGrantedTTL()).isEqualTo(60);
        assertThat(answer.getTTL()).isBetween(50L, 60L);
        assertThat(answer.getKeys().stream().map(Jetcd::text)).containsExactlyInAnyOrder("lease/a", "lease/b");
        assertThat(get(jetcd.client().getKVClient().get(bytes("lease/a"))).getKvs().getFirst().getLease()).isEqualTo(id);
    }

    @Test
    void revokingALeaseDeletesItsKeys() throws Exception {
        long id = get(leases.grant(60)).getID();
        put("revoked", id);

        get(leases.revoke(id));

        assertThat(get(jetcd.client().getKVClient().get(bytes("revoked"))).getCount()).isZero();
        assertThat(get(leases.timeToLive(id, LeaseOption.DEFAULT)).getTTL()).isEqualTo(-1);
        assertThatThrownBy(() -> get(leases.revoke(id))).hasMessageContaining("requested lease not found");
        assertThatThrownBy(() -> put("revoked", id)).hasMessageContaining("requested lease not found");
    }

    @Test
    void keepingAliveOnceAnswersWithTheGrantedTime() throws Exception {
        long id = get(leases.grant(45)).getID();

        LeaseKeepAliveResponse answer = get(leases.keepAliveOnce(id));

        assertThat(answer.getID()).isEqualTo(id);
        assertThat(answer.getTTL()).isEqualTo(45);
    }

    @Test
    void aLeaseThatIsKeptAliveOutlivesItsTimeAndThenRunsOutWithItsKeys() throws Exception {
        long granted = get(leases.grant(2)).getTTL();
        long id = get(leases.grant(granted)).getID();
        put("ephemeral", id);
        BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>(1000);

        long started = System.nanoTime();
        try (CloseableClient _ = leases.keepAlive(id, Observers.observer(answers::add))) {
            while (System.nanoTime() - started < TimeUnit.SECONDS.toNanos(granted + 2)) {
                assertThat(answers.poll(10, TimeUnit.SECONDS)).isNotNull();
            }
        }
        assertThat(text(get(jetcd.client().getKVClient().get(bytes("ephemeral"))).getKvs().getFirst().getValue())).isEqualTo("value");

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (get(jetcd.client().getKVClient().get(bytes("ephemeral"))).getCount() > 0) {
            assertThat(System.nanoTime()).as("the lease ran out").isLessThan(deadline);
        }
    }

    private static void put(String key, long lease) throws Exception {
        get(jetcd.client().getKVClient().put(bytes(key), bytes("value"), PutOption.builder().withLeaseId(lease).build()));
    }
}
