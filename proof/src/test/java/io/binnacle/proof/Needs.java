package io.binnacle.proof;

import io.binnacle.proof.process.OurServer;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.Repository;
import io.binnacle.proof.process.ServerCommand;
import java.nio.file.Path;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** What a test needs from the machine. Where it is absent the test is skipped with one line, or fails when {@code CI=true}. */
final class Needs {
    private Needs() {}

    static Path shared() {
        return present(Repository.shared(), "the folder of recorded data (-Dshared.dir, BINNACLE_SHARED or ../shared)");
    }

    static RealEtcd etcd37() {
        return present(RealEtcd.v37(), "etcd 3.7 (run interop/build, or set BINNACLE_ETCD37)");
    }

    static RealEtcd etcd36() {
        return present(RealEtcd.v36(), "etcd 3.6 (run interop/build, or set BINNACLE_ETCD36)");
    }

    /** The server of this repository; its absence is never a failure of these tests. */
    static ServerCommand ourServer() {
        return OurServer.find().orElseThrow(() -> skip("skipped: there is no bin/etcd yet"));
    }

    /** The long tests run only where {@code BINNACLE_INTEROP=1}. */
    static void longRun() {
        if (!"1".equals(System.getenv("BINNACLE_INTEROP"))) {
            throw skip("skipped: BINNACLE_INTEROP is not 1");
        }
    }

    private static <T> T present(Optional<T> found, String what) {
        if (found.isEmpty() && Repository.mustNotSkip()) {
            throw new AssertionError("CI=true and absent: " + what);
        }
        return found.orElseThrow(() -> skip("skipped: absent is " + what));
    }

    private static TestAbortedException skip(String why) {
        System.out.println(why);
        return new TestAbortedException(why);
    }
}
