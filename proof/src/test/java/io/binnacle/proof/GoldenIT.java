package io.binnacle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.proof.process.ServerCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers on recorded directories, whole and damaged. */
final class GoldenIT {
    @Test
    void realEtcdServesRecordedDirectoriesAndRefusesDamageAsRecorded(@TempDir Path temp) throws Exception {
        Needs.longRun();
        both(Needs.etcd37().server(), temp);
    }

    @Test
    void ourServerServesRecordedDirectoriesAndRefusesDamageAsEtcdDoes(@TempDir Path temp) throws Exception {
        Needs.longRun();
        both(Needs.ourServer(), temp);
    }

    private static void both(ServerCommand server, Path temp) throws Exception {
        Needs.shared();
        assertThat(Proof.GOLDEN.run(server, temp, 1, 1)).isEmpty();
        assertThat(Proof.DAMAGE.run(server, temp, 1, 1)).isEmpty();
    }
}
