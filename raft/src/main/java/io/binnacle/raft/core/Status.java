package io.binnacle.raft.core;

import io.binnacle.raft.HardState;
import io.binnacle.raft.SoftState;
import io.binnacle.raft.tracker.Configuration;
import io.binnacle.raft.tracker.ProgressState;
import java.util.List;

/**
 * What a member knows, for operators.
 *
 * @param id the member
 * @param hardState its term, vote and commit index
 * @param softState its leader and role
 * @param applied index that its state machine has
 * @param transferee whom it is handing its leadership to, 0: nobody
 * @param configuration the membership in force
 * @param members as leader: the progress of each member; else empty
 */
public record Status(long id, HardState hardState, SoftState softState, long applied, long transferee,
        Configuration configuration, List<Member> members) {

    /**
     * What a leader knows of one member.
     *
     * @param id the member
     * @param match highest index known to be in its log
     * @param next next index to send
     * @param state how it is fed
     * @param recentActive whether it was heard of since the last check of the quorum
     * @param learner whether it has no vote
     * @param text all of it, as etcd's logs show it
     */
    public record Member(long id, long match, long next, ProgressState state, boolean recentActive, boolean learner,
            String text) {}
}
