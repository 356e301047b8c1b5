package io.binnacle.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Quorums beside a second implementation that only follows the definition. */
final class NaiveQuorumTest {

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int CASES = Integer.getInteger("test.count", 5_000);

    @Test
    void committedIndexIsTheHighestThatAMajorityOfEachHalfHas() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int at = 0; at < CASES; at++) {
            List<Long> in = ids(random, 1);
            List<Long> out = ids(random, 0);
            Map<Long, Long> acked = new TreeMap<>();
            for (long id = 1; id <= 9; id++) acked.put(id, random.nextLong(0, 8));

            long expected = 0;
            for (long index = 0; index <= 8; index++) {
                if (reached(in, acked, index) && reached(out, acked, index)) expected = index;
            }

            JointQuorum quorum = JointQuorum.of(IdSet.of(in), IdSet.of(out));
            assertThat(quorum.committedIndex(id -> acked.getOrDefault(id, 0L)))
                    .as("%s of %s; reproduce: -Dtest.seed=%d", quorum, acked, SEED).isEqualTo(expected);
        }
    }

    @Test
    void voteIsDecidedWhenNoVoteToComeCanChangeIt() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int at = 0; at < CASES / 20; at++) {
            List<Long> in = ids(random, 1);
            List<Long> out = ids(random, 0);
            Map<Long, Ballot.Vote> votes = new TreeMap<>();
            for (long id = 1; id <= 7; id++) votes.put(id, vote(random));
            List<Long> missing = votes.keySet().stream().filter(id -> votes.get(id) == Ballot.Vote.MISSING).toList();

            JointQuorum quorum = JointQuorum.of(IdSet.of(in), IdSet.of(out));
            boolean canWin = false;
            boolean canLose = false;
            for (int choice = 0; choice < 1 << missing.size(); choice++) {
                Map<Long, Ballot.Vote> all = new TreeMap<>(votes);
                for (int bit = 0; bit < missing.size(); bit++) {
                    all.put(missing.get(bit), ((choice >> bit) & 1) == 1 ? Ballot.Vote.YES : Ballot.Vote.NO);
                }
                boolean won = agreed(in, all) && agreed(out, all);
                canWin |= won;
                canLose |= !won;
            }
            VoteResult result = quorum.result(id -> votes.getOrDefault(id, Ballot.Vote.MISSING));
            String what = quorum + " of " + votes + "; reproduce: -Dtest.seed=" + SEED;
            assertThat(result == VoteResult.WON).as(what).isEqualTo(!canLose);
            assertThat(result == VoteResult.LOST).as(what).isEqualTo(!canWin);
        }
    }

    private static Ballot.Vote vote(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Ballot.Vote.YES;
            case 1 -> Ballot.Vote.NO;
            default -> Ballot.Vote.MISSING;
        };
    }

    private static List<Long> ids(SplittableRandom random, int least) {
        List<Long> ids = new ArrayList<>();
        for (long id = 1; id <= 7; id++) {
            if (random.nextBoolean()) ids.add(id);
        }
        if (ids.size() < least) ids.add(random.nextLong(1, 8));
        return ids;
    }

    private static boolean reached(List<Long> voters, Map<Long, Long> acked, long index) {
        return voters.isEmpty() || 2 * voters.stream().filter(id -> acked.getOrDefault(id, 0L) >= index).count() > voters.size();
    }

    private static boolean agreed(List<Long> voters, Map<Long, Ballot.Vote> votes) {
        return voters.isEmpty()
                || 2 * voters.stream().filter(id -> votes.get(id) == Ballot.Vote.YES).count() > voters.size();
    }
}
