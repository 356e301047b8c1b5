package io.binnacle.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows between rooms, and what the rooms that must be deterministic may not touch. */
class ArrowsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.asURI().toString().startsWith(ownPlace()))
            .importPackages("io.binnacle.server", "io.binnacle.raft", "io.binnacle.mvcc");

    private static final String[] DETERMINISTIC = {"io.binnacle.raft..", "io.binnacle.mvcc..", "io.binnacle.server.apply.."};

    /** Where time, chance and order come from that no seed repeats. */
    private static final DescribedPredicate<JavaAccess<?>> UNREPEATABLE = DescribedPredicate.describe(
            "clocks, threads, unseeded chance, parallel streams", access -> {
                AccessTarget target = access.getTarget();
                String owner = target.getOwner().getFullName();
                String name = target.getName();
                return switch (owner) {
                    case "java.lang.System" -> Set.of("nanoTime", "currentTimeMillis", "identityHashCode", "getenv").contains(name);
                    case "java.time.Instant", "java.time.LocalDateTime", "java.time.ZonedDateTime", "java.time.Clock" ->
                            Set.of("now", "systemUTC", "systemDefaultZone").contains(name);
                    case "java.util.UUID" -> name.equals("randomUUID");
                    case "java.lang.Math" -> name.equals("random");
                    case "java.lang.Thread", "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom",
                            "java.util.concurrent.ForkJoinPool", "java.util.concurrent.Executors" -> true;
                    case "java.util.Random", "java.util.SplittableRandom" ->
                            name.equals("<init>") && target.getDescription().endsWith("<init>()>");
                    default -> owner.startsWith("java.util.") && Set.of("parallel", "parallelStream").contains(name);
                };
            });

    @Test
    void thePackagesAreFound() {
        for (String name : new String[] {"raft.core", "mvcc", "server.apply", "server.consensus", "server.service", "server.boot"}) {
            assertThat(CLASSES.containPackage("io.binnacle." + name)).as(name).isTrue();
        }
    }

    @Test
    void applyKnowsNothingAboveTheStore() {
        hold(noClasses().that().resideInAPackage("io.binnacle.server.apply..").should().dependOnClassesThat(
                resideInAnyPackage("io.binnacle.server.consensus..", "io.binnacle.server.service..", "io.binnacle.server.boot..",
                        "io.binnacle.server.peer..", "io.binnacle.wal..", "io.binnacle.rpc..", "io.binnacle.bolt..",
                        "io.binnacle.raft.core..")));
    }

    @Test
    void consensusKnowsNoServiceNoTransportAndNoProcess() {
        hold(noClasses().that().resideInAPackage("io.binnacle.server.consensus..").should().dependOnClassesThat(
                resideInAnyPackage("io.binnacle.server.service..", "io.binnacle.server.boot..", "io.binnacle.server.peer..",
                        "io.binnacle.rpc..")));
    }

    @Test
    void servicesKnowNeitherBootNorTheLogNorTheCore() {
        hold(noClasses().that().resideInAPackage("io.binnacle.server.service..").should().dependOnClassesThat(
                resideInAnyPackage("io.binnacle.server.boot..", "io.binnacle.server.peer..", "io.binnacle.wal..",
                        "io.binnacle.raft.core..", "io.binnacle.bolt..")));
    }

    @Test
    void nettyIsKnownToBootAndTheTransportAlone() {
        hold(noClasses().that(resideInAPackage("io.binnacle..")).and().resideOutsideOfPackages("io.binnacle.server.boot..",
                "io.binnacle.rpc.netty..").should().dependOnClassesThat(resideInAnyPackage("io.netty..", "io.binnacle.rpc.netty..")));
    }

    @Test
    void raftAndStorageNeverMeet() {
        hold(noClasses().that().resideInAPackage("io.binnacle.raft..").should().dependOnClassesThat(
                resideInAnyPackage("io.binnacle.wal..", "io.binnacle.bolt..", "io.binnacle.backend..", "io.binnacle.mvcc..",
                        "io.binnacle.io..", "io.binnacle.server..", "io.binnacle.rpc..")));
        hold(noClasses().that().resideInAPackage("io.binnacle.mvcc..").should().dependOnClassesThat(
                resideInAnyPackage("io.binnacle.raft..", "io.binnacle.wal..", "io.binnacle.bolt..", "io.binnacle.server..",
                        "io.binnacle.rpc..")));
    }

    @Test
    void whatMustBeRepeatableReadsNoClockStartsNoThreadAndDrawsNoChanceOfItsOwn() {
        hold(noClasses().that().resideInAnyPackage(DETERMINISTIC).should().accessTargetWhere(UNREPEATABLE));
    }

    @Test
    void whatMustBeRepeatableHasNoTablesInTheOrderOfIdentity() {
        hold(noClasses().that().resideInAnyPackage(DETERMINISTIC).should().dependOnClassesThat(
                DescribedPredicate.describe("are identity hash tables", type -> Set.of("java.util.IdentityHashMap",
                        "java.util.WeakHashMap").contains(type.getFullName()))));
    }

    /** Where this class was loaded from: the tests, which may know everything. */
    private static String ownPlace() {
        return ArrowsTest.class.getProtectionDomain().getCodeSource().getLocation().toString();
    }

    private static void hold(ArchRule rule) {
        rule.check(CLASSES);
    }
}
