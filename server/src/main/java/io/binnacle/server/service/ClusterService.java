package io.binnacle.server.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.MemberListRequest;
import io.binnacle.api.etcdserverpb.MemberListResponse;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.server.apply.Member;
import java.util.List;

/** Of etcd's Cluster service the list of members; changing them needs more than one member (shared contract: api.md §8.5). */
public final class ClusterService {

    private static final StrictWalk LIST = Services.walk(MemberListRequest.getDescriptor());

    private final Services services;

    /** The service of one member. */
    public ClusterService(Services services) {
        this.services = services;
    }

    /** Its methods. */
    public List<RpcMethod> methods() {
        return List.of(new RpcMethod("etcdserverpb.Cluster", "MemberList", CallKind.UNARY,
                call -> services.unary(call, LIST, this::list)));
    }

    private void list(Call call, Bytes message) {
        try {
            MemberListRequest request = MemberListRequest.parseFrom(message.asByteBuffer());
            if (request.getLinearizable()) services.afterBarrier(call, () -> answer(call));
            else answer(call);
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadable(malformed.getMessage()));
        }
    }

    private void answer(Call call) {
        if (call.ended() || !services.isSomebody(call)) return;
        MemberListResponse.Builder response = MemberListResponse.newBuilder();
        for (Member member : services.member().membership().members()) {
            response.addMembers(io.binnacle.api.etcdserverpb.Member.newBuilder()
                    .setID(member.id())
                    .setName(member.name())
                    .addAllPeerURLs(member.peerUrls())
                    .addAllClientURLs(member.clientUrls())
                    .setIsLearner(member.learner()));
        }
        ResponseHeader full = services.header(0);
        ResponseHeader header = new ResponseHeader(full.clusterId(), full.memberId(), 0, full.raftTerm());
        call.reply(Services.headed(header, Bytes.of(response.build().toByteArray())));
    }
}
