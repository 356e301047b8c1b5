package io.binnacle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.proof.kill.KillProof;
import io.binnacle.proof.process.ServerCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills; {@code bin/prove kill} makes them in full. */
final class KillIT {
    @Test
    void realEtcdLosesNothingAcknowledgedWhenKilled(@TempDir Path temp) throws Exception {
        Needs.longRun();
        kills(Needs.etcd37().server(), temp, Integer.getInteger("test.count", 5));
    }

    @Test
    void ourServerLosesNothingAcknowledgedWhenKilled(@TempDir Path temp) throws Exception {
        kills(Needs.ourServer(), temp, Integer.getInteger("test.count", 3));
    }

    private static void kills(ServerCommand server, Path temp, int count) throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime() >>> 20);
        KillProof proof = new KillProof(server, temp, seed);
        assertThat(proof.run(count)).as("-Dtest.seed=%d", seed).isEmpty();
        System.out.println(server.name() + ": " + count + " kills, " + proof.operations() + " operations");
    }
}
