package io.binnacle.proof.ctl;

import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.process.RealEtcd;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.process.ToolRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a list of real {@code etcdctl} commands against a fresh member and gives every output, with what may differ between two right
 * servers masked: times, ports, sizes, log positions, generated lease ids. One thread.
 *
 * <p>A script line is a command; {@code |} separates it from text for standard input in which {@code ;} stands for a line end.
 * {@code $1} is the first lease id granted so far, and {@code {dir}} a directory of the run's own.
 */
public final class CtlScenario {
    private static final int WATCH_SECONDS = 2;
    private static final Pattern GRANTED = Pattern.compile("lease ([0-9a-f]+) granted|\"ID\":([0-9]+),\"TTL\"");

    /** What is replaced in outputs, in this order. */
    private static final Map<Pattern, String> MASKS = masks();

    private final RealEtcd tools;
    private final ServerCommand server;
    private final Path directory;
    private final List<String> leases = new ArrayList<>();

    /** {@code directory} must be empty. */
    public CtlScenario(RealEtcd tools, ServerCommand server, Path directory) {
        this.tools = tools;
        this.server = server;
        this.directory = directory;
    }

    private static Map<Pattern, String> masks() {
        Map<Pattern, String> masks = new LinkedHashMap<>();
        masks.put(Pattern.compile("127\\.0\\.0\\.1:\\d+"), "ENDPOINT");
        masks.put(Pattern.compile("\"ts\":\"[^\"]*\""), "\"ts\":\"T\"");
        masks.put(Pattern.compile("(\"caller\":\"[^\"]*):\\d+\""), "$1\"");
        masks.put(Pattern.compile("(took|took = |took:) ?[0-9.]+(ms|s|µs)\\.?"), "took TIME");
        masks.put(Pattern.compile("\"took\":\"[^\"]*\""), "\"took\":\"T\"");
        masks.put(Pattern.compile("\"(dbSize|dbSizeInUse|raftIndex|raftAppliedIndex|totalSize|hash|size)\":\"?[0-9.]+( [kMG]?B)?\"?"), "\"$1\":N");
        masks.put(Pattern.compile("\"(DBSize|DBSizeInUse|RaftIndex|RaftAppliedIndex)\" : \\d+"), "\"$1\" : N");
        masks.put(Pattern.compile("0x[0-9a-f]{6,}|%!.*"), "ADDRESS");
        return masks;
    }

    /** The script that comes with this class. */
    public static List<String> script() throws IOException {
        try (InputStream in = CtlScenario.class.getResourceAsStream("scenario.txt")) {
            if (in == null) {
                throw new IOException("scenario.txt is not beside its class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Runs a script; the answer has one text a command, by its number and line. */
    public Map<String, String> run(List<String> script) throws StartFailure {
        Map<String, String> outputs = new TreeMap<>();
        try (ServerProcess process = ServerProcess.start(server, ServerSetup.recorded(directory.resolve("data"), List.of()))) {
            try (var client = new EtcdClient(process.setup().clientAddress(), "")) {
                client.awaitReads();
            }
            int number = 0;
            for (String line : script) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    outputs.put(String.format(Locale.ROOT, "%03d %s", ++number, line), one(line, process.setup().clientAddress()));
                }
            }
        }
        return outputs;
    }

    private String one(String line, String endpoint) {
        int bar = line.indexOf(" | ");
        String input = bar < 0 ? "" : line.substring(bar + 3).replace(';', '\n');
        List<String> command = new ArrayList<>();
        String text = filled(bar < 0 ? line : line.substring(0, bar));
        boolean offline = text.startsWith("utl ");
        if (text.startsWith("watch ")) {
            command.addAll(List.of("timeout", Integer.toString(WATCH_SECONDS))); // a watch ends by being ended
        }
        command.add(offline ? tools.utl() : tools.ctl());
        if (!offline) {
            command.add("--endpoints=" + endpoint);
        }
        for (String word : (offline ? text.substring(4) : text).split(" ", -1)) {
            command.add(word.replace("\\s", " ").replace("\\e", ""));
        }
        ToolRun run = ToolRun.of(command, input, Map.of());
        Matcher granted = GRANTED.matcher(run.stdout());
        if (text.startsWith("lease grant") && granted.find()) {
            String decimal = granted.group(2);
            leases.add(decimal == null ? granted.group(1) : Long.toHexString(Long.parseLong(decimal)));
        }
        return masked("exit " + run.exit() + "\n" + run.stdout() + (run.stderr().isEmpty() ? "" : "--- stderr\n" + run.stderr()));
    }

    private String filled(String line) {
        String text = line.replace("{dir}", directory.toString());
        for (int i = 0; i < leases.size(); i++) {
            text = text.replace("$" + (i + 1), leases.get(i));
        }
        return text;
    }

    private String masked(String output) {
        String text = output.replace(directory.toString(), "DIR");
        for (int i = 0; i < leases.size(); i++) {
            text = text.replace(leases.get(i), "LEASE" + (i + 1)).replace(Long.toString(Long.parseLong(leases.get(i), 16)), "LEASE" + (i + 1));
        }
        for (Map.Entry<Pattern, String> mask : MASKS.entrySet()) {
            text = mask.getKey().matcher(text).replaceAll(mask.getValue());
        }
        return text;
    }
}
