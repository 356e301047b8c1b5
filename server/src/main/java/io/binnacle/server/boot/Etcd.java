package io.binnacle.server.boot;

import io.binnacle.server.apply.SemVer;
import io.binnacle.server.consensus.StartError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code etcd}: reads flags and environment, runs one member, ends it on a signal. Exit codes are etcd's: 0
 * for help and version, 1 for what configuration or directory do not allow, 2 for flag syntax, 143 or 130 after a signal.
 */
public final class Etcd {

    private static final Logger LOG = LoggerFactory.getLogger(Etcd.class);

    private Etcd() {}

    /** Runs until a signal ends it. */
    public static void main(String[] arguments) {
        Logs.setUp("info", List.of("stderr"));
        int code = run(Arrays.asList(arguments), System.getenv());
        if (code >= 0) System.exit(code);
    }

    /** Starts the member; an exit code, or -1 if it runs. */
    private static int run(List<String> arguments, Map<String, String> environment) {
        Flags flags;
        try {
            flags = Flags.parse(EtcdFlags.all(), arguments);
        } catch (FlagError wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(Usage.BLOCK);
            return 2;
        }
        if (flags.helpAsked()) {
            System.err.print(Usage.BLOCK);
            System.out.print(Usage.flags());
            return 0;
        }
        ServerConfig config;
        try {
            config = configure(flags, environment);
        } catch (ConfigError wrong) {
            if (wrong.variable().isEmpty()) logArguments(arguments);
            var line = LOG.atWarn();
            if (!wrong.variable().isEmpty()) line = line.addKeyValue("environment-variable", wrong.variable());
            line.addKeyValue("error", wrong.getMessage()).log("failed to verify flags");
            return 1;
        }
        if (flags.bool("version", false)) {
            System.out.println("etcd Version: " + SemVer.SERVER);
            System.out.println("Git SHA: Binnacle " + StartLine.version());
            System.out.println("Go Version: Java " + System.getProperty("java.version"));
            System.out.println("Go OS/Arch: " + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "/"
                    + System.getProperty("os.arch"));
            return 0;
        }
        String unknownLevel = Logs.setUp(config.logLevel(), config.logOutputs());
        if (unknownLevel != null) {
            LOG.atError().addMarker(Logs.FATAL).addKeyValue("error", unknownLevel).log("failed to set up logging");
            return 2;
        }
        logArguments(arguments);
        return serve(config);
    }

    static ServerConfig configure(Flags flags, Map<String, String> environment) throws ConfigError {
        if (!flags.strays().isEmpty()) throw ConfigError.stray(flags.strays());
        // A file makes all other flags and variables void, so nothing may be said of them first.
        String file = flags.text("config-file", environment.getOrDefault("ETCD_CONFIG_FILE", ""));
        if (!file.isEmpty()) throw ConfigError.unsupported("config-file");
        List<String> unrecognized = new ArrayList<>();
        Map<String, String> used = flags.takeEnvironment(environment, unrecognized);
        used.forEach((name, value) -> LOG.atInfo().addKeyValue("variable-name", name).addKeyValue("variable-value", value)
                .log("recognized and used environment variable"));
        for (String variable : unrecognized) {
            LOG.atWarn().addKeyValue("environment-variable", variable).log("unrecognized environment variable");
        }
        ServerConfig config = ServerConfig.of(flags);
        for (String name : flags.harmless()) {
            LOG.atWarn().addKeyValue("flag", name).log("the flag has no effect in this release");
        }
        return config;
    }

    private static void logArguments(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addFirst("etcd");
        LOG.atInfo().addKeyValue("args", all).log("Running: ");
    }

    private static int serve(ServerConfig config) {
        if (config.dataDirDefaulted()) {
            LOG.atWarn().addKeyValue("data-dir", config.dataDir().getFileName().toString())
                    .log("'data-dir' was empty; using default");
        }
        try {
            Server server = Server.start(config, why -> Runtime.getRuntime().halt(1));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                LOG.atInfo().addKeyValue("signal", "terminated").log("received signal; shutting down");
                server.close();
            }, "shutdown"));
            server.serveWhenReady();
            return -1;
        } catch (StartError refused) {
            return failed(refused.getMessage());
        } catch (IOException | UncheckedIOException failed) {
            return failed(failed.getMessage());
        } catch (IllegalStateException damaged) {
            LOG.atError().setCause(damaged).log("bootstrap failed");
            return failed(damaged.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        }
    }

    private static int failed(@Nullable String why) {
        LOG.atError().addKeyValue("error", why).log("bootstrap failed");
        LOG.atError().addMarker(Logs.FATAL).addKeyValue("error", why).log("discovery failed");
        return 1;
    }
}
