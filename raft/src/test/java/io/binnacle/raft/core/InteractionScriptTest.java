package io.binnacle.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.raft.script.Script;
import io.binnacle.raft.script.SharedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Behaviour recorded from etcd's raft, message for message and log line for log line. */
final class InteractionScriptTest {

    @Test
    void everyRecordedInteractionIsReproducedWithItsLogLines() throws IOException {
        List<Path> scripts = SharedFiles.scripts("interaction");
        List<String> failures = new ArrayList<>();
        int passed = 0;
        for (Path file : scripts) {
            String failure = firstDifference(Script.read(file));
            if (failure == null) {
                passed++;
            } else {
                failures.add(failure);
            }
        }
        System.out.println("interaction scripts reproduced: " + passed + " of " + scripts.size());
        assertThat(failures).isEmpty();
        assertThat(passed).isGreaterThanOrEqualTo(28);
    }

    private static @Nullable String firstDifference(Script script) {
        InteractionScript run = new InteractionScript();
        for (Script.Step step : script.steps()) {
            String printed;
            try {
                printed = run.run(step);
            } catch (RuntimeException broken) { // named with its place; the test fails with it
                printed = broken + " at " + List.of(broken.getStackTrace()).subList(0, 8);
            }
            if (!printed.equals(step.expected())) {
                return script.file().getFileName() + ":" + step.line() + " " + step.command() + "\nexpected:\n"
                        + step.expected() + "\nprinted:\n" + printed + "\n";
            }
        }
        return null;
    }
}
