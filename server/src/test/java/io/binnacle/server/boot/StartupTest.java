package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.binnacle.server.SharedFolder;
import io.binnacle.server.boot.Flags.Definition;
import io.binnacle.server.boot.Flags.Support;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What real etcd makes of flags and environment, up to the line that says how it was configured. */
class StartupTest {

    private static final Map<String, String> PLACES = Map.of("<CLIENT_PORT>", "20001", "<PEER_PORT>", "20002",
            "<METRICS_PORT>", "20003", "<HTTP_PORT>", "20004", "<OTHER_PORT>", "20005", "<DEAD_PORT>", "20006",
            "<DIR>", "/tmp/binnacle-startup", "<PKI>", "/tmp/binnacle-pki");

    private int compared;
    private int refusedHere;
    private int laterThanFlags;
    private final List<String> differing = new ArrayList<>();

    @Test
    void everyRecordedStartOfFlagsThisReleaseKnowsIsConfiguredOrRefusedAlike() throws Exception {
        List<JsonNode> rows = SharedFolder.jsonLines("golden/server/startup.jsonl");
        for (JsonNode row : rows) {
            if (!row.get("group").asText().equals("tls")) check(row);
            else refusedHere++;
        }
        System.out.println("startup: " + compared + " of " + rows.size() + " compared; " + refusedHere
                + " with flags or URLs that this release refuses, " + laterThanFlags + " decided after the flags");
        assertThat(differing).isEmpty();
        assertThat(compared).isGreaterThanOrEqualTo(110);
    }

    private void check(JsonNode row) {
        List<String> arguments = arguments(row);
        Map<String, String> environment = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each : row.path("env").properties()) {
            environment.put(each.getKey(), filled(each.getValue().asText()));
        }
        String recorded = recordedOutcome(row);
        // An unknown log level is found when the log is set up; etcd's default host is not looked for in this release.
        if (recorded == null || recorded.startsWith("2 panic:") || row.toString().contains("<DEFAULT_HOST>")) {
            laterThanFlags++;
            return;
        }
        String outcome;
        ServerConfig config = null;
        Flags flags = null;
        try {
            flags = Flags.parse(EtcdFlags.all(), arguments);
            if (flags.helpAsked()) outcome = "help";
            else {
                config = Etcd.configure(flags, environment);
                outcome = "started";
            }
        } catch (FlagError wrong) {
            outcome = "2 " + wrong.getMessage();
        } catch (ConfigError wrong) {
            outcome = "1 " + wrong.getMessage();
        }
        if (outcome.contains("not supported by this release")) {
            refusedHere++;
            return;
        }
        compared++;
        if (!outcome.equals(recorded)) {
            differing.add(row.get("id").asText() + " " + arguments(row) + environment + ": " + outcome + "\n  etcd: " + recorded);
        } else if (config != null && row.has("start_line_diff")) {
            compareStartLine(row, config);
        }
    }

    private static List<String> arguments(JsonNode row) {
        List<String> arguments = new ArrayList<>();
        if (row.path("base").asBoolean()) {
            List<String> dropped = new ArrayList<>();
            row.path("drop").forEach(name -> dropped.add(name.asText()));
            String client = "http://127.0.0.1:20001";
            String peer = "http://127.0.0.1:20002";
            String[][] base = {{"name", "m1"}, {"data-dir", "/tmp/binnacle-startup/data"}, {"listen-client-urls", client},
                {"advertise-client-urls", client}, {"listen-peer-urls", peer}, {"initial-advertise-peer-urls", peer},
                {"initial-cluster", "m1=" + peer}};
            for (String[] flag : base) {
                if (!dropped.contains(flag[0])) arguments.add("--" + flag[0] + "=" + flag[1]);
            }
        }
        row.get("argv").forEach(argument -> arguments.add(filled(argument.asText())));
        return arguments;
    }

    private static String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> place : PLACES.entrySet()) filled = filled.replace(place.getKey(), place.getValue());
        return filled;
    }

    /** The outcome as far as flags decide it; null if the start failed later. */
    private static @Nullable String recordedOutcome(JsonNode row) {
        if (row.path("started").asBoolean()) return "started";
        int exit = row.path("exit").asInt(-1);
        JsonNode first = row.path("stderr").path(0);
        if (exit == 2 && first.isTextual()) return "2 " + filled(first.asText());
        if (exit == 0 && first.asText().equals("<USAGE>")) return "help";
        if (exit == 0) return "started"; // --version comes after the checks
        for (JsonNode line : row.path("stderr")) {
            String message = line.path("msg").asText();
            if (message.equals("failed to verify flags")) return "1 " + filled(line.get("error").asText());
            if (message.startsWith("conflicting environment variable")) return "1 " + message;
        }
        return null;
    }

    private void compareStartLine(JsonNode row, ServerConfig config) {
        JsonNode line = startLine(config);
        for (Map.Entry<String, JsonNode> field : row.get("start_line_diff").properties()) {
            JsonNode ours = line.get(field.getKey());
            if (ours == null) continue; // a field of what this release has not
            String theirs = filled(field.getValue().toString());
            if (!ours.toString().equals(theirs)) {
                boolean rawCount = field.getKey().startsWith("snapshot-c") && theirs.equals("0");
                boolean relative = field.getKey().endsWith("-dir") && ours.asText().endsWith(field.getValue().asText());
                if (!rawCount && !relative) {
                    differing.add(row.get("id").asText() + " " + field.getKey() + ": " + ours + "\n  etcd: " + theirs);
                }
            }
        }
    }

    private static JsonNode startLine(ServerConfig config) {
        Logger logger = (Logger) LoggerFactory.getLogger(StartLine.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        try {
            StartLine.log(config);
            byte[] line = new JsonLines().encode(appender.list.getFirst());
            return JsonMapper.builder().build().readTree(new String(line, StandardCharsets.UTF_8));
        } catch (java.io.IOException notJson) {
            throw new AssertionError(notJson);
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
    }

    @Test
    void harmlessFlagsAreTakenAndNamed() throws Exception {
        Flags flags = Flags.parse(EtcdFlags.all(), List.of("--bcrypt-cost=4", "--v=3", "--max-wals=2"));

        assertThat(flags.harmless()).containsExactly("bcrypt-cost");
        assertThat(EtcdFlags.all().values()).extracting(Definition::support).contains(Support.HARMLESS);
    }
}
