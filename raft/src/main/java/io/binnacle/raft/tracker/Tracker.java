package io.binnacle.raft.tracker;

import io.binnacle.raft.quorum.AckedIndexes;
import io.binnacle.raft.quorum.Ballot;
import io.binnacle.raft.quorum.VoteResult;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The membership in force, the progress of its members, and their votes in the election that is going on. */
public final class Tracker {

    private final int inflightMessagesMax;
    private final long inflightBytesMax;
    private Configuration configuration = Configuration.EMPTY;
    private ProgressMap progress = ProgressMap.EMPTY;
    // The votes of this election, in order of arrival; somebody who is no member any more may be among them.
    private long[] votersHeard = new long[8];
    private boolean[] granted = new boolean[8];
    private int votes;

    // Made once: what the quorums ask, without an object per question.
    private final AckedIndexes matches = this::matchOf;
    private final Ballot ballot = this::voteOf;
    private final Ballot activity = this::activityOf;

    /** A tracker of nobody, with the in-flight limits of each member it will track. */
    public Tracker(int inflightMessagesMax, long inflightBytesMax) {
        this.inflightMessagesMax = inflightMessagesMax;
        this.inflightBytesMax = inflightBytesMax;
    }

    /** The membership in force. */
    public Configuration configuration() {
        return configuration;
    }

    /** The progress of its members, learners and both halves of a joint membership included. */
    public ProgressMap progress() {
        return progress;
    }

    /** The progress of one member, or null. */
    public @Nullable Progress progressOf(long id) {
        return progress.get(id);
    }

    /** Puts another membership in force. */
    public void switchTo(Configuration newConfiguration, ProgressMap newProgress) {
        configuration = newConfiguration;
        progress = newProgress;
    }

    /** A window for one more member. */
    public Inflights newInflights() {
        return new Inflights(inflightMessagesMax, inflightBytesMax);
    }

    /** The highest index in the logs of a quorum. */
    public long committed() {
        return configuration.voters().committedIndex(matches);
    }

    /** Whether a quorum was heard of since the last check. */
    public boolean isQuorumActive() {
        return configuration.voters().result(activity) == VoteResult.WON;
    }

    /** Begins an election. */
    public void resetVotes() {
        votes = 0;
    }

    /** Counts a vote; a member's first one stands. */
    public void recordVote(long id, boolean yes) {
        for (int at = 0; at < votes; at++) {
            if (votersHeard[at] == id) return;
        }
        if (votes == votersHeard.length) {
            votersHeard = Arrays.copyOf(votersHeard, 2 * votes);
            granted = Arrays.copyOf(granted, 2 * votes);
        }
        votersHeard[votes] = id;
        granted[votes] = yes;
        votes++;
    }

    /** How many members with a vote have granted ({@code yes}) or refused it. */
    public int votes(boolean yes) {
        int counted = 0;
        for (int at = 0; at < votes; at++) {
            Progress voter = progress.get(votersHeard[at]);
            if (voter != null && !voter.isLearner() && granted[at] == yes) counted++;
        }
        return counted;
    }

    /** How the election stands. */
    public VoteResult result() {
        return configuration.voters().result(ballot);
    }

    private long matchOf(long id) {
        Progress member = progress.get(id);
        return member == null ? 0 : member.match();
    }

    private Ballot.Vote voteOf(long id) {
        for (int at = 0; at < votes; at++) {
            if (votersHeard[at] == id) return granted[at] ? Ballot.Vote.YES : Ballot.Vote.NO;
        }
        return Ballot.Vote.MISSING;
    }

    private Ballot.Vote activityOf(long id) {
        Progress member = progress.get(id);
        if (member == null || member.isLearner()) return Ballot.Vote.MISSING;
        return member.recentActive() ? Ballot.Vote.YES : Ballot.Vote.NO;
    }
}
