package io.binnacle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.proof.process.Directories;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.transcript.Replayer;
import io.binnacle.proof.transcript.Report;
import io.binnacle.proof.transcript.Scenario;
import io.binnacle.proof.transcript.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays of the recorded API scenarios. */
final class TranscriptIT {
    private static final int DIFFERENCES_SHOWN_MAX = 10;

    @Test
    void realEtcdAnswersEveryRecordedScenarioEqually(@TempDir Path temp) throws Exception {
        Needs.longRun();
        ServerCommand etcd = Needs.etcd37().server();

        StringBuilder differences = new StringBuilder();
        for (Scenario scenario : Scenario.readAll(Needs.shared().resolve("golden/api"))) {
            differences.append(replay(temp, scenario, etcd, _ -> true));
        }

        assertThat(differences).isEmpty();
    }

    @Test
    void ourServerAnswersTheScenariosOfThisReleaseEqually(@TempDir Path temp) throws Exception {
        ServerCommand ours = Needs.ourServer();
        Path recordings = Needs.shared().resolve("golden/api");
        Selection promised = Selection.read(Path.of("src/test/resources/transcripts.txt"));

        StringBuilder differences = new StringBuilder();
        for (String name : promised.scenarios()) {
            differences.append(replay(temp, Scenario.read(recordings.resolve(name + ".jsonl")), ours, promised.steps(name)));
        }

        assertThat(differences).isEmpty();
    }

    private static String replay(Path temp, Scenario scenario, ServerCommand command, IntPredicate wanted) throws Exception {
        Path directory = Files.createDirectory(temp.resolve(scenario.name()));
        Report report = Replayer.replay(scenario, command, directory, wanted);
        Directories.delete(directory);
        System.out.println(command.name() + ", " + report.summary());
        System.out.print(report.detail(DIFFERENCES_SHOWN_MAX));
        return report.detail(DIFFERENCES_SHOWN_MAX);
    }
}
