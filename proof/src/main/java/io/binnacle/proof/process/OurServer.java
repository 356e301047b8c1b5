package io.binnacle.proof.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The server of this repository, {@code bin/etcd}. Any thread. */
public final class OurServer {
    private OurServer() {}

    /** Its command, or nothing while it has not been built; {@code BINNACLE_SERVER} names another launcher. */
    public static Optional<ServerCommand> find() {
        String named = System.getenv().getOrDefault("BINNACLE_SERVER", "");
        Path launcher = named.isEmpty() ? Repository.root().resolve("bin/etcd") : Path.of(named);
        return Files.isExecutable(launcher)
                ? Optional.of(new ServerCommand("binnacle", "3.7.3", List.of(launcher.toString())))
                : Optional.empty();
    }
}
