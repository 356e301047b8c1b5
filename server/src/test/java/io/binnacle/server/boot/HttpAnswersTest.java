package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.api.etcdserverpb.AlarmRequest;
import io.binnacle.api.etcdserverpb.AlarmType;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.base.Bytes;
import io.binnacle.io.sim.SimDisk;
import io.binnacle.io.sim.SimTime;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.Metadata;
import io.binnacle.server.SharedFolder;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.consensus.LocalMember;
import io.binnacle.server.consensus.SimMember;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Health, version and metrics are answered over HTTP/1.1 as real etcd answers them. */
class HttpAnswersTest {

    /** Told apart by what a client accepts: forms that this release does not write. */
    private static final List<String> OTHER_FORMS = List.of("Accept", "Accept-Encoding");

    private final SimMember sim = new SimMember(new Random(1), new SimTime());
    private final LocalMember member;
    private final Map<String, HttpHandler> listeners = new TreeMap<>();

    HttpAnswersTest() throws Exception {
        SimDisk disk = new SimDisk(new Random(2));
        disk.createDirectories(Path.of("/d"));
        member = sim.start(disk, SimMember.setup(10_000));
        sim.run(() -> member.membership().clusterVersion() != null && member.storageVersion().minor() == 7);
        ServerConfig config = ServerConfig.of(Flags.parse(EtcdFlags.all(), List.of()));
        Metrics metrics = new Metrics(config, member);
        listeners.put("client", new ClientHttp(member, metrics, true).routes());
        listeners.put("metrics", new ClientHttp(member, metrics, false).routes());
        listeners.put("peer", new PeerHttp(member).routes());
    }

    @Test
    void everyRecordedAnswerAboutHealthVersionAndMetricsIsGivenAlike() throws Exception {
        int compared = 0;
        List<String> passedOver = new ArrayList<>();
        List<String> differing = new ArrayList<>();
        for (JsonNode row : SharedFolder.jsonLines("golden/server/http.jsonl")) {
            String path = row.get("path").asText();
            boolean here = List.of("/health", "/livez", "/readyz", "/version", "/metrics").stream().anyMatch(path::startsWith)
                    || path.equals("/") || path.equals("/nope");
            if (!here) continue;
            boolean otherForm = OTHER_FORMS.stream().anyMatch(row.get("req_headers")::has);
            if (row.has("server_args") || otherForm) {
                passedOver.add(row.get("id").asText());
                continue;
            }
            alarms(row.get("id").asText());
            check(row, differing);
            compared++;
        }
        System.out.println("http answers: " + compared + " compared; with flags or forms that this release has not: "
                + passedOver);
        assertThat(differing).isEmpty();
        assertThat(compared).isGreaterThan(120);
    }

    private void alarms(String id) throws Exception {
        raise(AlarmType.NOSPACE, id.contains("-nospace"));
        raise(AlarmType.CORRUPT, id.contains("-corrupt"));
    }

    private void raise(AlarmType type, boolean raised) throws Exception {
        boolean is = type == AlarmType.NOSPACE ? member.alarms().active().noSpace() : member.alarms().active().corrupt();
        if (is == raised) return;
        AlarmRequest request = AlarmRequest.newBuilder().setMemberID(member.id()).setAlarm(type)
                .setAction(raised ? AlarmRequest.AlarmAction.ACTIVATE : AlarmRequest.AlarmAction.DEACTIVATE).build();
        boolean[] done = new boolean[1];
        member.proposals().propose(Kind.ALARM, Bytes.of(request.toByteArray()), Identity.NONE, outcome -> done[0] = true);
        sim.run(() -> done[0]);
    }

    private void check(JsonNode row, List<String> differing) throws Exception {
        Metadata.Builder headers = Metadata.builder();
        for (Map.Entry<String, JsonNode> each : row.get("req_headers").properties()) {
            headers.add(each.getKey(), each.getValue().asText());
        }
        FakeExchange exchange = new FakeExchange(row.get("method").asText(), row.get("path").asText(), headers.build());
        HttpHandler listener = listeners.get(row.get("listener").asText());
        if (listener == null) throw new AssertionError("no listener " + row.get("listener"));
        listener.handle(exchange);
        sim.run(exchange::ended);
        String ours = exchange.status + " " + fields(exchange, row.get("body").asText().equals("<METRICS>"));
        List<String> recorded = new ArrayList<>();
        for (JsonNode field : row.get("headers")) {
            if (!field.get(0).asText().equals("Transfer-Encoding")) {
                recorded.add(field.get(0).asText() + ": " + field.get(1).asText());
            }
        }
        recorded.sort(null);
        String theirs = row.get("status").asInt() + " " + recorded;
        boolean head = exchange.method().equals("HEAD");
        if (head) { // a length is told or not; there is no body to measure
            ours = ours.replaceAll("Content-Length: \\d+(, )?", "");
            theirs = theirs.replaceAll("Content-Length: \\d+(, )?", "");
        }
        if (!ours.equals(theirs)) differing.add(row.get("id").asText() + "\n ours " + ours + "\n etcd " + theirs);
        String text = exchange.body.toUtf8();
        String expected = row.get("body").asText().replace("3.7.1", "3.7.3");
        if (expected.equals("<METRICS>")) assertThat(text).contains("# TYPE etcd_server_has_leader gauge\n");
        else if (!head && !sorted(text).equals(sorted(expected))) {
            differing.add(row.get("id").asText() + "\n ours " + text + "\n etcd " + expected);
        }
    }

    private static List<String> fields(FakeExchange exchange, boolean streamed) {
        List<String> fields = new ArrayList<>();
        for (int at = 0; at < exchange.answered.size(); at++) {
            fields.add(exchange.answered.name(at) + ": " + exchange.answered.value(at));
        }
        if (!streamed) fields.add("Content-Length: " + exchange.body.length());
        fields.sort(null);
        return fields;
    }

    /** The checks of a probe come in any order. */
    private static List<String> sorted(String text) {
        return Arrays.stream(text.split("\n", -1)).sorted().toList();
    }
}
