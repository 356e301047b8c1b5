package io.binnacle.proof.jetcd;

import static io.binnacle.proof.jetcd.Jetcd.bytes;
import static io.binnacle.proof.jetcd.Jetcd.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Maintenance;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.cluster.MemberListResponse;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.maintenance.AlarmMember;
import io.etcd.jetcd.maintenance.AlarmType;
import io.etcd.jetcd.maintenance.HashKVResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Status, hash, members, snapshot, defragmentation, and the alarm of a full store with its way out. */
final class MaintenanceIT {
    private static final int SHA_BYTES = 32;
    private static final int BOLT_MAGIC = 0xED0CDAED; // in page 0 after its header of 16 bytes

    private static Jetcd jetcd;
    private static KV kv;
    private static Maintenance maintenance;

    @BeforeAll
    static void start() throws Exception {
        jetcd = Jetcd.start();
        kv = jetcd.client().getKVClient();
        maintenance = jetcd.client().getMaintenanceClient();
    }

    @AfterAll
    static void stop() throws Exception {
        jetcd.close();
    }

    @Test
    void theStatusNamesVersionLeaderAndSizes() throws Exception {
        get(kv.put(bytes("status"), bytes("1")));

        StatusResponse status = get(maintenance.statusMember(jetcd.endpoint()));

        assertThat(status.getVersion()).isEqualTo("3.7.3");
        assertThat(status.getLeader()).isEqualTo(status.getHeader().getMemberId());
        assertThat(status.getDbSize()).isGreaterThanOrEqualTo(status.getDbSizeInUse());
        assertThat(status.getDbSizeInUse()).isPositive();
        assertThat(status.getRaftTerm()).isGreaterThanOrEqualTo(2);
        assertThat(status.getRaftAppliedIndex()).isLessThanOrEqualTo(status.getRaftIndex());
        assertThat(status.isLearner()).isFalse();
        assertThat(status.getErrorList()).isEmpty();
    }

    @Test
    void theHashOfARevisionStaysAndThatOfAnotherDiffers() throws Exception {
        long first = get(kv.put(bytes("hash"), bytes("1"))).getHeader().getRevision();
        HashKVResponse before = get(maintenance.hashKV(jetcd.endpoint(), first));
        long second = get(kv.put(bytes("hash"), bytes("2"))).getHeader().getRevision();

        HashKVResponse after = get(maintenance.hashKV(jetcd.endpoint(), first));
        HashKVResponse newest = get(maintenance.hashKV(jetcd.endpoint(), second));

        assertThat(after.getHash()).isEqualTo(before.getHash());
        assertThat(newest.getHash()).isNotEqualTo(before.getHash());
    }

    @Test
    void theMemberListHoldsTheOneVoter() throws Exception {
        MemberListResponse answer = get(jetcd.client().getClusterClient().listMember());

        assertThat(answer.getMembers()).hasSize(1);
        Member member = answer.getMembers().getFirst();
        assertThat(member.getName()).isEqualTo("default");
        assertThat(member.getId()).isEqualTo(answer.getHeader().getMemberId());
        assertThat(member.getPeerURIs()).hasToString("[http://localhost:2380]");
        assertThat(member.getClientURIs()).hasToString("[http://localhost:2379]");
        assertThat(member.isLearner()).isFalse();
    }

    @Test
    void aSnapshotIsADatabaseFollowedByItsChecksum(@TempDir Path temp) throws Exception {
        get(kv.put(bytes("snapshot"), bytes("1")));
        Path file = temp.resolve("snapshot.db");

        try (OutputStream out = Files.newOutputStream(file)) {
            get(maintenance.snapshot(out));
        }

        byte[] all = Files.readAllBytes(file);
        byte[] database = Arrays.copyOf(all, all.length - SHA_BYTES);
        assertThat(database.length % 512).isZero();
        assertThat(ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt(16)).isEqualTo(BOLT_MAGIC);
        assertThat(MessageDigest.getInstance("SHA-256").digest(database))
                .isEqualTo(Arrays.copyOfRange(all, database.length, all.length));
    }

    @Test
    void defragmentationGivesBackTheSpaceOfDeletedKeys() throws Exception {
        ByteSequence value = ByteSequence.from(new byte[32 * 1024]);
        for (int i = 0; i < 200; i++) {
            get(kv.put(bytes("bulk/" + i), value));
        }
        DeleteResponse deleted = get(kv.delete(bytes("bulk/"), DeleteOption.builder().isPrefix(true).build()));
        get(kv.compact(deleted.getHeader().getRevision(), CompactOption.builder().withCompactPhysical(true).build()));
        long before = get(maintenance.statusMember(jetcd.endpoint())).getDbSize();

        get(maintenance.defragmentMember(jetcd.endpoint()));

        assertThat(get(maintenance.statusMember(jetcd.endpoint())).getDbSize()).isLessThan(before);
    }

    @Test
    void aFullStoreRaisesAnAlarmRefusesPutsAndServesAgainOnceItIsEmptiedAndDisarmed() throws Exception {
        try (Jetcd small = Jetcd.start("--quota-backend-bytes=4194304")) {
            KV keys = small.client().getKVClient();
            Maintenance care = small.client().getMaintenanceClient();
            ByteSequence value = ByteSequence.from(new byte[256 * 1024]);

            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    get(keys.put(bytes("fill/" + i), value));
                }
            }).hasMessageContaining("mvcc: database space exceeded");
            List<AlarmMember> alarms = get(care.listAlarms()).getAlarms();
            assertThat(alarms).extracting(AlarmMember::getAlarmType).containsExactly(AlarmType.NOSPACE);

            long deleted = get(keys.delete(bytes("fill/"), DeleteOption.builder().isPrefix(true).build())).getHeader().getRevision();
            get(keys.compact(deleted));
            get(care.defragmentMember(small.endpoint()));
            get(care.alarmDisarm(alarms.getFirst()));
            assertThat(get(care.listAlarms()).getAlarms()).isEmpty();
            assertThat(get(keys.put(bytes("after"), bytes("1"))).getHeader().getRevision()).isEqualTo(deleted + 1);
        }
    }
}
