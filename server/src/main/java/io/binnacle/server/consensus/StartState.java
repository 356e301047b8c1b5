package io.binnacle.server.consensus;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.server.apply.Member;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.SemVer;
import io.binnacle.wal.MembershipDocument;
import java.util.ArrayList;
import java.util.List;

/** The membership as the consensus core wants it, made from the members that the database holds, as etcd 3.7 does. */
final class StartState {

    private StartState() {}

    static ConfState confStateOf(Membership.State members) {
        List<Long> voters = new ArrayList<>();
        List<Long> learners = new ArrayList<>();
        for (Member member : members.members()) (member.learner() ? learners : voters).add(member.id());
        return ConfState.of(voters, learners);
    }

    /** What a member of release 3.6 wants to find in a snapshot file. */
    static Bytes document(Membership.State cluster) {
        List<MembershipDocument.Member> members = new ArrayList<>();
        for (Member member : cluster.members()) {
            members.add(new MembershipDocument.Member(member.id(), member.name(), member.peerUrls(), member.clientUrls(),
                    member.learner()));
        }
        SemVer version = cluster.clusterVersion();
        List<Long> removed = new ArrayList<>(cluster.removed());
        removed.sort(Long::compareUnsigned);
        return MembershipDocument.of(members, removed, version == null ? null : version.toString());
    }
}
