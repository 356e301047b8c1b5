package io.binnacle.proof.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    @Test
    void aBareNameSelectsEveryStepAndRangesSelectThose() {
        Selection selection = Selection.parse(List.of("# remark", "all", "", "some 1-2,5,7-  # more"));

        assertThat(selection.scenarios()).containsExactly("all", "some");
        assertThat(IntStream.rangeClosed(1, 9).filter(selection.steps("all"))).hasSize(9);
        assertThat(IntStream.rangeClosed(1, 9).filter(selection.steps("some"))).containsExactly(1, 2, 5, 7, 8, 9);
        assertThat(selection.steps("other").test(1)).isFalse();
    }
}
