package io.binnacle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.proof.ctl.CtlScenario;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.ServerCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real etcdctl prints the same whatever server it talks to. */
final class CtlIT {
    /** What needs the Auth service, which our server does not offer yet; it must say so. */
    private static final List<String> AUTH_COMMANDS = List.of("user list", "role list");

    @Test
    void etcdctlPrintsTheSameForTwoRunsOfRealEtcd(@TempDir Path temp) throws Exception {
        Needs.longRun();
        RealEtcd etcd = Needs.etcd37();

        compare(etcd, etcd.server(), temp, List.of());
    }

    @Test
    void etcdctlPrintsTheSameForOurServerAsForRealEtcd(@TempDir Path temp) throws Exception {
        Needs.longRun();

        compare(Needs.etcd37(), Needs.ourServer(), temp, AUTH_COMMANDS);
    }

    private static void compare(RealEtcd etcd, ServerCommand server, Path temp, List<String> withoutService) throws Exception {
        List<String> script = CtlScenario.script();

        Map<String, String> expected = new CtlScenario(etcd, etcd.server(), Files.createDirectory(temp.resolve("real"))).run(script);
        Map<String, String> actual = new CtlScenario(etcd, server, Files.createDirectory(temp.resolve("tested"))).run(script);

        for (String command : withoutService) {
            String key = expected.keySet().stream().filter(line -> line.endsWith(command)).findFirst().orElseThrow();
            expected.remove(key);
            assertThat(actual.remove(key)).as(command).contains("unknown service etcdserverpb.Auth");
        }
        long equal = expected.entrySet().stream().filter(e -> e.getValue().equals(actual.get(e.getKey()))).count();
        System.out.println("etcdctl on " + server.name() + ": " + equal + " of " + expected.size() + " outputs equal");
        assertThat(actual).isEqualTo(expected);
    }
}
