package io.binnacle.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.raft.script.Script;
import io.binnacle.raft.script.SharedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Decisions of quorums recorded from etcd's raft, drawn as bars. */
final class QuorumScriptTest {

    @Test
    void everyRecordedQuorumDecisionIsReproduced() throws IOException {
        List<Path> scripts = SharedFiles.scripts("quorum");
        int passed = 0;
        for (Path file : scripts) {
            for (Script.Step step : Script.read(file).steps()) {
                assertThat(run(step)).as("%s:%d", file.getFileName(), step.line()).isEqualTo(step.expected());
            }
            passed++;
        }
        System.out.println("quorum scripts reproduced: " + passed + " of " + scripts.size());
        assertThat(passed).isGreaterThanOrEqualTo(4);
    }

    private static String run(Script.Step step) {
        List<Long> incoming = ids(step, "cfg");
        List<Long> outgoing = ids(step, "cfgj");
        JointQuorum quorum = JointQuorum.of(IdSet.of(incoming), IdSet.of(outgoing));
        List<Long> order = new ArrayList<>(incoming);
        for (Long id : outgoing) {
            if (!order.contains(id)) order.add(id);
        }
        List<String> given = step.values().getOrDefault(step.command().equals("vote") ? "votes" : "idx", List.of());
        assertThat(given).hasSameSizeAs(order);
        return step.command().equals("vote") ? vote(quorum, order, given) : committed(quorum, order, given);
    }

    private static List<Long> ids(Script.Step step, String name) {
        List<String> given = step.values().getOrDefault(name, List.of());
        return given.equals(List.of("zero")) ? List.of() : given.stream().map(Long::valueOf).toList();
    }

    private static String vote(JointQuorum quorum, List<Long> order, List<String> given) {
        return quorum.result(id -> switch (given.get(order.indexOf(id))) {
            case "y" -> Ballot.Vote.YES;
            case "n" -> Ballot.Vote.NO;
            default -> Ballot.Vote.MISSING;
        }).label();
    }

    private static String committed(JointQuorum quorum, List<Long> order, List<String> given) {
        Map<Long, Long> acked = new TreeMap<>();
        for (int at = 0; at < given.size(); at++) {
            if (!given.get(at).equals("_")) acked.put(order.get(at), Long.valueOf(given.get(at)));
        }
        long index = quorum.committedIndex(id -> acked.getOrDefault(id, 0L));
        return draw(quorum.all().toList(), acked) + (index == Majority.EVERYTHING ? "∞" : "" + index);
    }

    private static String draw(List<Long> voters, Map<Long, Long> acked) {
        if (voters.isEmpty()) return "<empty majority quorum>";
        List<Long> byIndex = new ArrayList<>(voters);
        byIndex.sort(Comparator.comparing((Long id) -> acked.getOrDefault(id, 0L)).thenComparing(id -> id));
        Map<Long, Integer> bars = new TreeMap<>();
        int bar = 0;
        for (int at = 1; at < byIndex.size(); at++) {
            if (acked.getOrDefault(byIndex.get(at - 1), 0L) < acked.getOrDefault(byIndex.get(at), 0L)) bar = at;
            bars.put(byIndex.get(at), bar);
        }
        int width = voters.size();
        StringBuilder text = new StringBuilder(" ".repeat(width) + "    idx\n");
        for (Long id : voters) {
            int length = bars.getOrDefault(id, 0);
            text.append(acked.containsKey(id) ? "x".repeat(length) + ">" + " ".repeat(width - length) : "?" + " ".repeat(width));
            text.append(String.format(" %5d    (id=%d)%n", acked.getOrDefault(id, 0L), id));
        }
        return text.toString();
    }
}
