package io.binnacle.server.boot;

import io.binnacle.api.etcdserverpb.AlarmMember;
import io.binnacle.api.etcdserverpb.AlarmType;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.Metadata;
import io.binnacle.server.apply.Member;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.consensus.LinearizableRead;
import io.binnacle.server.consensus.LocalMember;
import io.binnacle.server.consensus.Published;
import io.binnacle.server.service.RefusalStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health}, {@code /livez} and {@code /readyz} (shared contract: server.md §6). */
final class HealthHttp {

    static final List<String> PROBES = List.of("/livez", "/livez/serializable_read", "/readyz", "/readyz/data_corruption",
            "/readyz/serializable_read", "/readyz/linearizable_read", "/readyz/non_learner");
    private static final Logger LOG = LoggerFactory.getLogger(HealthHttp.class);
    private static final String OK = "";

    private final LocalMember member;
    private final Metrics metrics;
    private final boolean client;

    HealthHttp(LocalMember member, Metrics metrics, boolean client) {
        this.member = member;
        this.metrics = metrics;
        this.client = client;
    }

    void health(HttpExchange exchange) {
        Map<String, List<String>> query = query(exchange);
        boolean serializable = query.getOrDefault("serializable", List.of()).contains("true");
        String reason = alarmReason(query.getOrDefault("exclude", List.of()));
        if (reason.isEmpty() && !serializable && member.consensus().leadership().leader() == 0) reason = "RAFT NO LEADER";
        if (!reason.isEmpty() || serializable) {
            answerHealth(exchange, reason.isEmpty() ? readLocally("RANGE ERROR:") : reason);
            return;
        }
        readLinearizably("RANGE ERROR:", result -> exchange.loop().execute(() -> answerHealth(exchange, result)));
    }

    private String alarmReason(List<String> excluded) {
        for (AlarmMember alarm : member.alarms().active().raised()) {
            boolean known = alarm.getAlarm() != AlarmType.UNRECOGNIZED;
            String name = known ? alarm.getAlarm().name() : "UNKNOWN";
            if (!excluded.contains(name)) return "ALARM " + name;
        }
        return OK;
    }

    private void answerHealth(HttpExchange exchange, String reason) {
        boolean good = reason.isEmpty();
        metrics.health(good);
        String json = "{\"health\":\"" + good + "\",\"reason\":\"" + reason + "\"}";
        if (good) {
            exchange.respond(200, ClientHttp.cors(ClientHttp.PLAIN, client), Bytes.utf8(json));
            return;
        }
        LOG.atWarn().addKeyValue("output", json).addKeyValue("status-code", 503).log("/health error");
        Metadata headers = Metadata.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        exchange.respond(503, ClientHttp.cors(headers, client), Bytes.utf8(json + "\n"));
    }

    void probe(HttpExchange exchange) {
        String path = exchange.path();
        Map<String, List<String>> query = query(exchange);
        List<String> checks = path.startsWith("/livez")
                ? List.of("serializable_read")
                : List.of("data_corruption", "serializable_read", "linearizable_read", "non_learner");
        String only = path.indexOf('/', 1) < 0 ? null : path.substring(path.indexOf('/', 1) + 1);
        Map<String, String> results = new LinkedHashMap<>();
        TreeSet<String> wanted = new TreeSet<>(only == null ? checks : List.of(only));
        if (only == null) wanted.removeAll(query.getOrDefault("exclude", List.of()));
        boolean linearizable = wanted.contains("linearizable_read");
        for (String check : wanted) results.put(check, check.equals("linearizable_read") ? OK : run(check));
        boolean verbose = query.containsKey("verbose");
        if (!linearizable) {
            answerProbe(exchange, results, verbose);
            return;
        }
        readLinearizably("", result -> exchange.loop().execute(() -> {
            results.put("linearizable_read", result);
            answerProbe(exchange, results, verbose);
        }));
    }

    private String run(String check) {
        return switch (check) {
            case "data_corruption" -> member.alarms().active().corrupt() ? "alarm activated: CORRUPT" : OK;
            case "serializable_read" -> readLocally("");
            case "non_learner" -> isLearner() ? "not supported for learner" : OK;
            default -> throw new IllegalArgumentException(check);
        };
    }

    private boolean isLearner() {
        Member self = member.membership().member(member.id());
        return self != null && self.learner();
    }

    /** A read of what is here: fails only if the store does. */
    private String readLocally(String prefix) {
        Published now = member.hold();
        try {
            return now.kv().revision() > 0 ? OK : prefix + "the store has no revision";
        } finally {
            now.kv().release();
        }
    }

    private void readLinearizably(String prefix, Consumer<String> then) {
        member.readBarrier(new LinearizableRead() {
            @Override
            public void ready() {
                then.accept(readLocally(prefix));
            }

            @Override
            public void refused(Refusal why) {
                then.accept(prefix + RefusalStatus.of(why).message());
            }
        });
    }

    private void answerProbe(HttpExchange exchange, Map<String, String> results, boolean verbose) {
        StringBuilder lines = new StringBuilder();
        boolean good = true;
        for (Map.Entry<String, String> result : results.entrySet()) {
            boolean passed = result.getValue().isEmpty();
            good &= passed;
            lines.append(passed ? "[+]" : "[-]").append(result.getKey()).append(passed ? " ok" : " failed: ")
                    .append(result.getValue()).append('\n');
        }
        if (good) {
            String text = (verbose ? lines.toString() : "") + "ok\n";
            Metadata headers = Metadata.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
            exchange.respond(200, ClientHttp.cors(headers, client), Bytes.utf8(text));
            return;
        }
        LOG.atError().addKeyValue("path", exchange.path()).addKeyValue("reason", lines.toString().strip())
                .addKeyValue("status-code", 503).log("Health check error");
        Metadata headers = Metadata.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        exchange.respond(503, ClientHttp.cors(headers, client), Bytes.utf8(lines.append('\n').toString()));
    }

    private static Map<String, List<String>> query(HttpExchange exchange) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        @Nullable String query = exchange.query();
        if (query == null || query.isEmpty()) return values;
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            try {
                values.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), same -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException malformed) {
                values.putIfAbsent("malformed", new ArrayList<>()); // a query that cannot be decoded asks for nothing
            }
        }
        return values;
    }
}
