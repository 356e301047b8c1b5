package io.binnacle.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.raft.script.Changes;
import io.binnacle.raft.script.Script;
import io.binnacle.raft.script.SharedFiles;
import io.binnacle.raft.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of memberships recorded from etcd's raft. */
final class ConfChangeScriptTest {

    @Test
    void everyRecordedMembershipChangeIsReproduced() throws IOException {
        List<Path> scripts = SharedFiles.scripts("confchange");
        int passed = 0;
        for (Path file : scripts) {
            Tracker tracker = new Tracker(10, Long.MAX_VALUE);
            long lastIndex = 0;
            for (Script.Step step : Script.read(file).steps()) {
                String printed = run(step, tracker, lastIndex++);
                assertThat(printed).as("%s:%d", file.getFileName(), step.line()).isEqualTo(step.expected());
            }
            passed++;
        }
        System.out.println("confchange scripts reproduced: " + passed + " of " + scripts.size());
        assertThat(passed).isGreaterThanOrEqualTo(9);
    }

    private static String run(Script.Step step, Tracker tracker, long lastIndex) {
        List<ConfChangeSingle> changes = Changes.parse(step.input());
        Changer changer = new Changer(tracker, lastIndex);
        Changer.Outcome outcome = switch (step.command()) {
            case "simple" -> changer.simple(changes);
            case "enter-joint" -> changer.enterJoint(step.flag("autoleave"), changes);
            case "leave-joint" -> changer.leaveJoint();
            default -> throw new IllegalArgumentException(step.command());
        };
        return switch (outcome) {
            case Changer.Refused(String reason) -> reason;
            case Changer.Changed changed -> {
                tracker.switchTo(changed.configuration(), changed.progress());
                yield changed.configuration() + "\n" + changed.progress().toString().stripTrailing();
            }
        };
    }
}
