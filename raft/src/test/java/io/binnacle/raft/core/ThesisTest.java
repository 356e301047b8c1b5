package io.binnacle.raft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check.BrokenInvariant;
import io.binnacle.raft.Entry;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.EntryType;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.Role;
import io.binnacle.raft.StepResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of the Raft thesis (Ongaro 2014), by section. */
final class ThesisTest {

    @Test // §3.3
    void everybodyAdoptsAHigherTermAndBecomesFollower() {
        TestNet net = new TestNet(3, false, false).elect(1);
        net.node(1).step(Message.heartbeat(MessageType.HEARTBEAT, 1, 2, 9, 0, null));
        assertThat(net.node(1).role()).isEqualTo(Role.FOLLOWER);
        assertThat(net.node(1).term()).isEqualTo(9);
        assertThat(net.node(1).leader()).isEqualTo(2);
    }

    @Test // §3.3
    void messagesOfLowerTermsChangeNothing() {
        TestNet net = new TestNet(3, false, false).elect(1).elect(2);
        net.node(2).step(Message.append(2, 1, 1, 1, 2, EntrySlice.EMPTY, 9));
        assertThat(net.node(2).role()).isEqualTo(Role.LEADER);
        assertThat(net.node(2).term()).isEqualTo(2);
    }

    @Test // §3.4
    void followerCampaignsOnlyAfterItsElectionTimeout() {
        TestNet net = new TestNet(3, false, false);
        for (int tick = 0; tick < 9; tick++) net.node(1).tick();
        assertThat(net.node(1).role()).isEqualTo(Role.FOLLOWER);
        for (int tick = 0; tick < 10; tick++) net.node(1).tick();
        assertThat(net.node(1).role()).isEqualTo(Role.CANDIDATE);
    }

    @Test // §3.4
    void memberVotesOnceInATermAndRepeatsItsVote() {
        TestNet net = new TestNet(3, false, false);
        net.node(3).step(Message.voteRequest(MessageType.VOTE, 3, 1, 5, 1, 2, null));
        net.node(3).step(Message.voteRequest(MessageType.VOTE, 3, 2, 5, 1, 2, null));
        net.node(3).step(Message.voteRequest(MessageType.VOTE, 3, 1, 5, 1, 2, null));
        net.turn(3);
        assertThat(net.sent(MessageType.VOTE_RESP)).extracting(Message::to, Message::reject)
                .containsExactly(tuple(1L, false),
                        tuple(2L, true), tuple(1L, false));
    }

    @Test // §3.4
    void candidateFollowsALeaderOfItsTerm() {
        TestNet net = new TestNet(3, false, false);
        net.node(1).campaign();
        net.node(1).step(Message.heartbeat(MessageType.HEARTBEAT, 1, 2, 1, 0, null));
        assertThat(net.node(1).role()).isEqualTo(Role.FOLLOWER);
        assertThat(net.node(1).leader()).isEqualTo(2);
    }

    @Test // §3.5
    void leaderSendsHeartbeatsAtItsInterval() {
        TestNet net = new TestNet(3, false, false).elect(1);
        net.node(1).tick();
        net.turn(1);
        assertThat(net.sent(MessageType.HEARTBEAT)).extracting(Message::to).containsExactly(2L, 3L);
    }

    @Test // §3.5
    void entryIsCommittedOnceAMajorityHasIt() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(3);
        net.propose(1, "x");
        net.settle();
        assertThat(net.node(1).committed()).isEqualTo(4);
        assertThat(net.node(2).committed()).isEqualTo(4);
        assertThat(net.node(3).committed()).isEqualTo(3);
    }

    @Test // §3.5
    void followerRefusesAnAppendBehindAGapAndSaysWhereItEnds() {
        TestNet net = new TestNet(3, false, false);
        net.node(2).step(Message.append(2, 1, 1, 1, 7, EntrySlice.EMPTY, 0));
        net.turn(2);
        Message answer = net.sent(MessageType.APP_RESP).get(0);
        assertThat(answer.reject()).isTrue();
        assertThat(answer.rejectHint()).isEqualTo(2);
        assertThat(answer.logTerm()).isEqualTo(1);
    }

    @Test // §3.5
    void followersConflictingTailIsReplaced() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(1);
        net.propose(1, "lost");
        net.settle();
        net.elect(2).isolate(0);
        net.node(2).tick();
        net.settle();
        assertThat(net.members.get(0).log.term(4)).isEqualTo(net.members.get(1).log.term(4)).isEqualTo(2);
    }

    @Test // §3.6.1
    void candidateWithAnOlderLogGetsNoVote() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(3);
        net.propose(1, "x");
        net.settle();
        net.isolate(0);
        net.elect(3);
        assertThat(net.node(3).role()).isNotEqualTo(Role.LEADER);
    }

    @Test // §3.6.2
    void leaderCommitsOnlyEntriesOfItsOwnTermByCounting() {
        TestNet net = new TestNet(3, false, false);
        Entry old = new Entry(EntryType.NORMAL, false, 1, 3, Bytes.utf8("old"));
        for (long id = 1; id <= 2; id++) net.node(id).step(Message.append(id, 3, 1, 1, 2, EntrySlice.of(old), 2));
        net.turn(1);
        net.turn(2);
        net.node(1).campaign();
        net.turn(1);
        net.node(1).step(Message.bare(MessageType.VOTE_RESP, 1, 2, 2));
        net.node(1).step(Message.indexed(MessageType.APP_RESP, 1, 2, 2, 3)); // a majority has entry 3 of term 1
        assertThat(net.node(1).committed()).isEqualTo(2);
        net.turn(1);
        net.node(1).step(Message.indexed(MessageType.APP_RESP, 1, 2, 2, 4)); // and now entry 4 of term 2
        assertThat(net.node(1).committed()).isEqualTo(4);
    }

    @Test // §3.6.3
    void committedEntryIsNeverOverwritten() {
        TestNet net = new TestNet(3, false, false).elect(1);
        net.sent.clear();
        Entry other = new Entry(EntryType.NORMAL, false, 7, 3, null);
        net.node(2).step(Message.append(2, 3, 7, 1, 2, EntrySlice.of(other), 3));
        net.turn(2);
        assertThat(net.members.get(1).log.term(3)).isEqualTo(1);
        assertThat(net.sent(MessageType.APP_RESP)).extracting(Message::index).containsExactly(3L);
    }

    @Test // §3.6.3
    void commitBehindTheEndOfTheLogStopsTheMember() {
        TestNet net = new TestNet(3, false, false).elect(1);
        assertThatThrownBy(() -> net.node(2).step(Message.heartbeat(MessageType.HEARTBEAT, 2, 1, 1, 9, null)).text())
                .isInstanceOf(BrokenInvariant.class);
    }

    @Test // §3.8
    void ownAcknowledgementAndVoteCountOnlyWhenDurable() {
        TestNet net = new TestNet(1, false, false);
        net.node(1).campaign();
        assertThat(net.node(1).role()).isEqualTo(Role.CANDIDATE);
        net.node(1).ready();
        assertThat(net.node(1).role()).isEqualTo(Role.CANDIDATE);
        net.node(1).advance();
        assertThat(net.node(1).role()).isEqualTo(Role.LEADER);
    }

    @Test // §3.10
    void leadershipMovesToAFollowerThatWasAskedFor() {
        TestNet net = new TestNet(3, true, true).elect(1);
        net.node(2).transferLeader(3); // a follower passes it on
        net.settle();
        assertThat(net.node(3).role()).isEqualTo(Role.LEADER);
        assertThat(net.node(1).leader()).isEqualTo(3);
    }

    @Test // §3.10
    void transferThatTakesTooLongIsGivenUpAndProposalsGoOn() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(3);
        net.propose(1, "x");
        net.settle();
        net.node(1).transferLeader(3);
        assertThat(net.node(1).propose(List.of(Bytes.EMPTY))).isEqualTo(StepResult.PROPOSAL_DROPPED);
        for (int tick = 0; tick < 10; tick++) net.node(1).tick();
        assertThat(net.node(1).propose(List.of(Bytes.EMPTY))).isEqualTo(StepResult.OK);
    }

    @Test // §4.2.3
    void membersThatHearALeaderIgnoreCandidates() {
        TestNet net = new TestNet(3, true, false).elect(1);
        net.node(2).step(Message.voteRequest(MessageType.VOTE, 2, 3, 9, 9, 9, null));
        assertThat(net.node(2).term()).isEqualTo(1);
    }

    @Test // §6.2
    void leaderWithoutAQuorumStepsDown() {
        TestNet net = new TestNet(3, true, false).elect(1).isolate(1);
        for (int tick = 0; tick < 20; tick++) net.node(1).tick();
        assertThat(net.node(1).role()).isEqualTo(Role.FOLLOWER);
    }

    @Test // §6.4
    void readIndexIsAnsweredAfterAQuorumHasConfirmedTheLeader() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(1);
        net.node(1).readIndex(Bytes.utf8("alone"));
        net.settle();
        assertThat(net.reads).isEmpty();
        net.isolate(0);
        net.node(3).readIndex(Bytes.utf8("through a follower"));
        net.settle();
        assertThat(net.reads).extracting(state -> state.context().toUtf8()).contains("through a follower", "alone");
        assertThat(net.reads).allMatch(state -> state.index() == 3);
    }

    @Test // §6.4
    void heartbeatCarriesTheNumberOfTheNewestReadInLittleEndian() {
        TestNet net = new TestNet(3, false, false).elect(1);
        net.node(1).readIndex(Bytes.utf8("a"));
        net.node(1).readIndex(Bytes.utf8("b"));
        net.turn(1);
        assertThat(net.sent(MessageType.HEARTBEAT)).extracting(m -> String.valueOf(m.context()))
                .containsExactly("0100000000000000", "0100000000000000", "0200000000000000", "0200000000000000");
    }

    @Test // §6.4
    void readBeforeTheFirstCommitOfTheTermWaitsEvenInAGroupOfOne() {
        TestNet net = new TestNet(1, false, false).elect(1);
        net.node(1).step(Message.heartbeat(MessageType.HEARTBEAT, 1, 2, 5, 0, null)); // deposed in term 5
        net.node(1).campaign();
        net.turn(1);
        net.node(1).readIndex(Bytes.utf8("r"));
        assertThat(net.node(1).role()).isEqualTo(Role.LEADER);
        assertThat(net.node(1).leadsWithCommit()).isFalse();
        net.settle();
        assertThat(net.reads).extracting(state -> state.index()).containsExactly(4L);
    }

    @Test // §9.6
    void preCandidateThatCannotWinLeavesTheTermAlone() {
        TestNet net = new TestNet(3, true, true).elect(1).isolate(3);
        for (int tick = 0; tick < 100; tick++) {
            net.node(3).tick();
            net.settle();
        }
        assertThat(net.node(3).term()).isEqualTo(1);
        net.isolate(0);
        net.node(1).tick();
        net.settle();
        assertThat(net.node(1).role()).isEqualTo(Role.LEADER);
        assertThat(net.node(3).leader()).isEqualTo(1);
    }

    @Test
    void proposalsBeyondTheUncommittedLimitAreDroppedUntilSomeAreApplied() {
        TestNet net = new TestNet(3, false, false).elect(1).isolate(1);
        assertThat(net.node(1).propose(List.of(Bytes.of(new byte[900])))).isEqualTo(StepResult.OK);
        assertThat(net.node(1).propose(List.of(Bytes.of(new byte[200])))).isEqualTo(StepResult.PROPOSAL_DROPPED);
        net.isolate(0);
        net.settle();
        net.node(1).tick();
        net.settle();
        assertThat(net.node(1).propose(List.of(Bytes.of(new byte[200])))).isEqualTo(StepResult.OK);
    }

    @Test
    void messagesThatMustNotCrossTheNetworkAreRefused() {
        TestNet net = new TestNet(3, false, false);
        assertThat(net.node(1).step(Message.bare(MessageType.HUP, 1, 2, 0))).isEqualTo(StepResult.LOCAL_MESSAGE);
        assertThat(net.node(1).step(Message.bare(MessageType.STORAGE_APPEND_RESP, 1, 2, 0)))
                .isEqualTo(StepResult.LOCAL_MESSAGE);
        assertThat(net.node(1).step(Message.indexed(MessageType.APP_RESP, 1, 99, 1, 1)))
                .isEqualTo(StepResult.PEER_NOT_FOUND);
    }
}
