package io.binnacle.proof.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One version of real etcd as {@code interop/build} makes it: a directory with {@code server}, {@code etcdctl} and {@code etcdutl}. Any thread.
 *
 * @param version three numbers with dots
 * @param directory the binaries' directory
 */
public record RealEtcd(String version, Path directory) {
    /** The version whose place this project takes. */
    public static Optional<RealEtcd> v37() {
        return locate("3.7.3", "BINNACLE_ETCD37", "etcd37");
    }

    /** The version one minor release older, for downgrades. */
    public static Optional<RealEtcd> v36() {
        return locate("3.6.16", "BINNACLE_ETCD36", "etcd36");
    }

    private static Optional<RealEtcd> locate(String version, String variable, String folder) {
        String named = System.getenv().getOrDefault(variable, "");
        Path directory = named.isEmpty() ? Repository.root().resolve("interop/target").resolve(folder) : Path.of(named);
        boolean complete = Files.isExecutable(directory.resolve("server"))
                && Files.isExecutable(directory.resolve("etcdctl"))
                && Files.isExecutable(directory.resolve("etcdutl"));
        return complete ? Optional.of(new RealEtcd(version, directory)) : Optional.empty();
    }

    /** The server of this version. */
    public ServerCommand server() {
        return new ServerCommand("etcd " + version, version, List.of(directory.resolve("server").toString()));
    }

    /** The path of {@code etcdctl}. */
    public String ctl() {
        return directory.resolve("etcdctl").toString();
    }

    /** The path of {@code etcdutl}. */
    public String utl() {
        return directory.resolve("etcdutl").toString();
    }
}
