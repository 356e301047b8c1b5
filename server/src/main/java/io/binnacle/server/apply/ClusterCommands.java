package io.binnacle.server.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.binnacle.api.etcdserverpb.Request;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.membershippb.ClusterMemberAttrSetRequest;
import io.binnacle.api.membershippb.ClusterVersionSetRequest;
import io.binnacle.api.membershippb.DowngradeInfoSetRequest;
import io.binnacle.base.Bytes;
import io.binnacle.server.apply.Membership.Downgrade;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entries about cluster version, members' attributes and downgrade. Apply agent only. */
final class ClusterCommands {

    private static final Outcome OK = new Outcome.Done(0, Bytes.EMPTY);
    private static final Pattern LEGACY_ATTRIBUTES = Pattern.compile("/0/members/([0-9a-f]+)/attributes");
    private static final String LEGACY_VERSION = "/0/version";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Membership membership;
    private final ApplyEvents events;

    ClusterCommands(Membership membership, ApplyEvents events) {
        this.membership = membership;
        this.events = events;
    }

    Outcome apply(RaftRequest.Kind kind, Bytes request) throws InvalidProtocolBufferException {
        switch (kind) {
            case CLUSTER_VERSION_SET -> setVersion(parse(request, ClusterVersionSetRequest.parser()).getVer());
            case CLUSTER_MEMBER_ATTR_SET -> {
                ClusterMemberAttrSetRequest set = parse(request, ClusterMemberAttrSetRequest.parser());
                membership.setAttributes(set.getMemberID(), set.getMemberAttributes().getName(),
                        set.getMemberAttributes().getClientUrlsList());
            }
            case DOWNGRADE_INFO_SET -> {
                DowngradeInfoSetRequest set = parse(request, DowngradeInfoSetRequest.parser());
                membership.setDowngrade(set.getEnabled() ? new Downgrade(true, set.getVer()) : Downgrade.NONE);
            }
            default -> throw new IllegalArgumentException("no request about the cluster: " + kind);
        }
        return OK;
    }

    /**
     * A request of the store before version 3, as releases up to 3.5 wrote for these same two purposes (formats.md §5.5).
     */
    Outcome applyLegacy(Request request) {
        Matcher attributes = LEGACY_ATTRIBUTES.matcher(request.getPath());
        if (request.getMethod().equals("PUT") && attributes.matches()) {
            setLegacyAttributes(Long.parseUnsignedLong(attributes.group(1), 16), request.getVal());
            return OK;
        }
        if (request.getMethod().equals("PUT") && request.getPath().equals(LEGACY_VERSION)) {
            setVersion(request.getVal());
            return OK;
        }
        throw new IllegalStateException("a request of the version 2 store is in the log: " + request.getMethod() + " "
                + request.getPath() + "; let etcd 3.6 take a snapshot of this member first");
    }

    private void setLegacyAttributes(long id, String json) {
        try {
            JsonNode root = JSON.readTree(json);
            List<String> urls = new ArrayList<>();
            root.path("clientURLs").forEach(url -> urls.add(url.asText()));
            membership.setAttributes(id, root.path("name").asText(""), urls);
        } catch (IOException malformed) {
            throw new IllegalStateException("attributes of member " + Member.hex(id) + " in the log are no JSON: " + json,
                    malformed);
        }
    }

    private void setVersion(String text) {
        SemVer version = SemVer.parse(text);
        if (version == null) throw new IllegalStateException("the log sets a cluster version that is none: " + text);
        if (SemVer.SERVER.isBelow(version)) {
            throw new IllegalStateException("the cluster version becomes " + version + ", above this member's " + SemVer.SERVER);
        }
        SemVer before = membership.state().clusterVersion();
        membership.setClusterVersion(version);
        if (before != null && version.isBelow(before)) events.snapshotNeeded();
        events.clusterVersionChanged(version);
    }

    private static <T> T parse(Bytes request, Parser<T> parser) throws InvalidProtocolBufferException {
        return parser.parseFrom(request.array(), request.offset(), request.length());
    }
}
