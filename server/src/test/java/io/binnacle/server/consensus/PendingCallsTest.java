package io.binnacle.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.base.Bytes;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each waiting call is answered once, by whoever takes it out first. */
class PendingCallsTest {

    private final PendingCalls pending = new PendingCalls();
    private final List<String> answered = new ArrayList<>();

    @Test
    void aTakenCallDoesNotExpire() {
        add(1, 100);
        add(2, 200);

        assertThat(pending.take(1)).isNotNull();
        assertThat(pending.take(1)).isNull();
        pending.expire(150, Refusal.TIMEOUT);
        assertThat(answered).isEmpty();
        pending.expire(200, Refusal.TIMEOUT);

        assertThat(answered).containsExactly("2 TIMEOUT");
        assertThat(pending.take(2)).isNull();
        assertThat(pending.size()).isZero();
    }

    @Test
    void expiryGoesByTheMonotonicClockAlsoWhereItWraps() {
        add(1, Long.MIN_VALUE + 5); // later than the largest number
        pending.expire(Long.MAX_VALUE, Refusal.TIMEOUT);
        assertThat(answered).isEmpty();
        pending.expire(Long.MIN_VALUE + 5, Refusal.TIMEOUT);
        assertThat(answered).containsExactly("1 TIMEOUT");
    }

    @Test
    void aStoppingMemberAnswersAllThatWait() {
        add(1, 100);
        add(2, 100);
        pending.take(1);

        pending.refuseAll(Refusal.STOPPED);

        assertThat(answered).containsExactly("2 STOPPED");
        assertThat(pending.waits(2)).isFalse();
    }

    private void add(long id, long deadline) {
        pending.add(new Proposal(id, Bytes.EMPTY, deadline, outcome -> answered.add(id + " "
                + (outcome instanceof Outcome.Refused(Refusal why) ? why.name() : "done"))));
    }
}
