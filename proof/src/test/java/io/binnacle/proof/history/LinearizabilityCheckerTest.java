package io.binnacle.proof.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.proof.history.LinearizabilityChecker.Linearizable;
import io.binnacle.proof.history.LinearizabilityChecker.NotLinearizable;
import io.binnacle.proof.history.LinearizabilityChecker.Verdict;
import io.binnacle.proof.history.Operation.Delete;
import io.binnacle.proof.history.Operation.Get;
import io.binnacle.proof.history.Operation.Input;
import io.binnacle.proof.history.Operation.Output;
import io.binnacle.proof.history.Operation.Put;
import io.binnacle.proof.history.Operation.Swap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LinearizabilityCheckerTest {
    private static final long STEPS_MAX = 1_000_000;

    private final List<Operation> history = new ArrayList<>();

    @Test
    void overlappingWritesMayTakeEffectInEitherOrder() {
        add(1, new Put("a", "1"), written(3), 0, 10);
        add(2, new Put("a", "2"), written(2), 5, 15);
        add(3, new Get("a"), read(3, "1", 3), 20, 30);

        assertThat(verdict()).isInstanceOf(Linearizable.class);
    }

    @Test
    void aReadThatMissesAnAnsweredWriteIsStale() {
        add(1, new Put("a", "1"), written(2), 0, 10);
        add(2, new Get("a"), read(1, null, 0), 11, 20);

        assertThat(verdict()).isInstanceOf(NotLinearizable.class);
    }

    @Test
    void aValueReadFromAnUnansweredWriteMustStay() {
        add(1, new Put("a", "1"), null, 0, 0);
        add(2, new Get("a"), read(2, "1", 2), 5, 10);
        add(2, new Get("a"), read(1, null, 0), 11, 20);

        assertThat(verdict()).isInstanceOf(NotLinearizable.class);
    }

    @Test
    void anUnansweredWriteMayTakeEffectLateOrNever() {
        add(1, new Put("a", "1"), null, 0, 0);
        add(2, new Get("a"), read(1, null, 0), 5, 10);
        add(2, new Get("a"), read(2, "1", 2), 11, 20);
        assertThat(verdict()).isInstanceOf(Linearizable.class);

        history.removeLast();
        assertThat(verdict()).isInstanceOf(Linearizable.class);
    }

    @Test
    void aRevisionGivenTwiceIsRefused() {
        add(1, new Put("a", "1"), written(2), 0, 10);
        add(2, new Put("b", "2"), written(2), 5, 15);

        assertThat(verdict()).isInstanceOf(NotLinearizable.class);
    }

    @Test
    void aLostAcknowledgedWriteIsFound() {
        add(1, new Put("a", "1"), written(2), 0, 10);
        add(1, new Put("b", "2"), written(3), 11, 20);
        add(2, new Get("a"), read(3, null, 0), 30, 40);

        assertThat(verdict()).isInstanceOf(NotLinearizable.class);
    }

    @Test
    void aSwapSucceedsOnlyOnTheRevisionItNamesAndADeleteOnlyOfWhatIsThere() {
        add(1, new Put("a", "1"), written(2), 0, 10);
        add(1, new Swap("a", 2, "2"), new Output(3, null, 0, true), 11, 20);
        add(1, new Swap("a", 2, "3"), new Output(3, null, 0, false), 21, 30);
        add(1, new Delete("a"), new Output(4, null, 0, true), 31, 40);
        add(1, new Delete("a"), new Output(4, null, 0, false), 41, 50);
        assertThat(verdict()).isInstanceOf(Linearizable.class);

        add(1, new Swap("a", 2, "4"), new Output(5, null, 0, true), 51, 60);
        assertThat(verdict()).isInstanceOf(NotLinearizable.class);
    }

    @Test
    void historiesOfARealStorePassAndOneChangedAnswerInThemIsFound() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < Integer.getInteger("test.count", 60); round++) {
            history.clear();
            simulate(random, 120);
            assertThat(verdict()).as("seed %d round %d", seed, round).isInstanceOf(Linearizable.class);

            int at = random.nextInt(history.size());
            Operation good = history.get(at);
            Output output = good.output();
            if (output != null) {
                Output bad = new Output(output.revision() + 1 + random.nextInt(3) * 1000L, output.value(), output.modRevision(), output.changed());
                if (bad.revision() > 1000) { // far in the future: surely wrong
                    history.set(at, new Operation(good.client(), good.input(), bad, good.callNanos(), good.returnNanos()));
                    assertThat(verdict()).as("seed %d round %d", seed, round).isInstanceOf(NotLinearizable.class);
                }
            }
        }
    }

    /** Operations take effect at a point within their interval on one sequential store; some are never answered. */
    private void simulate(Random random, int count) {
        Store store = Store.empty(1);
        for (int i = 0; i < count; i++) {
            long point = 10L * i;
            String key = "k" + random.nextInt(3);
            Store.Entry entry = store.entries().get(key);
            Input input = switch (random.nextInt(4)) {
                case 0 -> new Put(key, "v" + i);
                case 1 -> new Delete(key);
                case 2 -> new Swap(key, entry == null || random.nextBoolean() ? 0 : entry.modRevision(), "s" + i);
                default -> new Get(key);
            };
            Store after = store.step(new Operation(0, input, null, 0, 0)).orElseThrow();
            Output output = input instanceof Get
                    ? entry == null
                            ? new Output(after.revision(), null, 0, false)
                            : new Output(after.revision(), entry.value(), entry.modRevision(), false)
                    : new Output(after.revision(), null, 0, after.revision() > store.revision());
            boolean lost = random.nextInt(20) == 0;
            add(i, input, lost ? null : output, point - random.nextInt(60), point + random.nextInt(60));
            store = after;
        }
    }

    private void add(int client, Input input, @Nullable Output output, long call, long end) {
        history.add(new Operation(client, input, output, call, end));
    }

    private static Output written(long revision) {
        return new Output(revision, null, 0, true);
    }

    private static Output read(long revision, @Nullable String value, long modRevision) {
        return new Output(revision, value, modRevision, false);
    }

    private Verdict verdict() {
        return LinearizabilityChecker.check(history, Store.empty(1), STEPS_MAX);
    }
}
