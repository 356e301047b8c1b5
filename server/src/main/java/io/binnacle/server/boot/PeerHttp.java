package io.binnacle.server.boot;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.HttpRoutes;
import io.binnacle.rpc.Metadata;
import io.binnacle.server.apply.Member;
import io.binnacle.server.consensus.LocalMember;

/** What the peer port answers while a member is alone: who it is and which version; messages of peers come later. */
final class PeerHttp {

    private final LocalMember member;

    PeerHttp(LocalMember member) {
        this.member = member;
    }

    HttpHandler routes() {
        return HttpRoutes.builder(exchange -> ClientHttp.notFound(exchange, false))
                .exact("/version", exchange -> ClientHttp.version(exchange, member, false))
                .exact("/members", this::members)
                .build();
    }

    private void members(HttpExchange exchange) {
        StringBuilder json = new StringBuilder("[");
        for (Member one : member.membership().members()) {
            if (json.length() > 1) json.append(',');
            json.append(one.toJson().toUtf8());
        }
        Metadata headers = Metadata.of("Content-Type", "application/json",
                "X-Etcd-Cluster-Id", Member.hex(member.clusterId()));
        exchange.respond(200, headers, Bytes.utf8(json.append("]\n").toString()));
    }
}
