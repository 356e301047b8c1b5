package io.binnacle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

    @Test
    void aScenarioThatRunsAgainReplacesItsOwnSectionOnly(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("RESULTS.md");
        new ResultsFile(page).replace("put", "old put\n\n| a | b |\n");
        new ResultsFile(page).replace("get", "a get");

        new ResultsFile(page).replace("put", "new put");

        assertThat(Files.readString(page)).startsWith("# Benchmark results\n").contains("## get\n\na get\n")
                .endsWith("## put\n\nnew put\n").doesNotContain("old put");
    }
}
