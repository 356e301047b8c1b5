package io.binnacle.raft.quorum;

import java.util.Objects;

/**
 * A simple majority of voters. The majority of nobody agrees to everything, which makes a membership that is not
 * joint a special case of a joint one.
 *
 * @param voters who has a vote
 */
public record Majority(IdSet voters) {

    /** What the majority of nobody has committed. */
    public static final long EVERYTHING = Long.MAX_VALUE;

    /** Nobody. */
    public static final Majority EMPTY = new Majority(IdSet.EMPTY);

    /** Checks that there is a set. */
    public Majority {
        Objects.requireNonNull(voters);
    }

    /** How many voters make a quorum. */
    public int quorum() {
        return voters.size() / 2 + 1;
    }

    /** The highest index that a quorum has acknowledged. */
    public long committedIndex(AckedIndexes acked) {
        int size = voters.size();
        if (size == 0) return EVERYTHING;
        long committed = 0;
        for (int one = 0; one < size; one++) { // quadratic, but groups are small and nothing is allocated
            long candidate = acked.of(voters.at(one));
            if (candidate <= committed) continue;
            int reached = 0;
            for (int other = 0; other < size; other++) {
                if (acked.of(voters.at(other)) >= candidate) reached++;
            }
            if (reached >= quorum()) committed = candidate;
        }
        return committed;
    }

    /** How the vote stands among these voters. */
    public VoteResult result(Ballot ballot) {
        int size = voters.size();
        if (size == 0) return VoteResult.WON;
        int yes = 0;
        int no = 0;
        for (int at = 0; at < size; at++) {
            switch (ballot.of(voters.at(at))) {
                case YES -> yes++;
                case NO -> no++;
                case MISSING -> { }
            }
        }
        if (yes >= quorum()) return VoteResult.WON;
        return size - no < quorum() ? VoteResult.LOST : VoteResult.PENDING;
    }

    @Override
    public String toString() {
        return voters.toString();
    }
}
