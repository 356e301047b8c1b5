package io.binnacle.server.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A member of the cluster as its log entries and the bucket {@code members} hold it (shared contract: formats.md §5.4, §7).
 *
 * @param id unsigned
 * @param peerUrls where other members reach it
 * @param learner whether it has no vote
 * @param name as it published itself; empty until it has started once
 * @param clientUrls where clients reach it, as it published them; empty until then
 */
public record Member(long id, List<String> peerUrls, boolean learner, String name, List<String> clientUrls) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Copies the lists. */
    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /** The id as etcd writes it: hexadecimal without leading zeros. */
    public static String hex(long id) {
        return Long.toHexString(id);
    }

    /** This member with what it published about itself. */
    public Member withAttributes(String newName, List<String> newClientUrls) {
        return new Member(id, peerUrls, learner, newName, newClientUrls);
    }

    /** This member with other peer URLs. */
    public Member withPeerUrls(List<String> urls) {
        return new Member(id, urls, learner, name, clientUrls);
    }

    /** This member as a voter. */
    public Member promoted() {
        return new Member(id, peerUrls, false, name, clientUrls);
    }

    /** The JSON that etcd stores: its names, its order, empty fields left out. */
    public Bytes toJson() {
        StringBuilder json = new StringBuilder(128).append("{\"id\":").append(Long.toUnsignedString(id));
        json.append(",\"peerURLs\":");
        appendList(json, peerUrls);
        if (learner) json.append(",\"isLearner\":true");
        if (!name.isEmpty()) GoJson.quote(json.append(",\"name\":"), name);
        if (!clientUrls.isEmpty()) appendList(json.append(",\"clientURLs\":"), clientUrls);
        return Bytes.utf8(json.append('}').toString());
    }

    /**
     * Reads such a JSON; unknown fields are passed over.
     *
     * @throws IOException if it is no JSON object or has no id
     */
    public static Member fromJson(Bytes json) throws IOException {
        JsonNode root = JSON.readTree(json.array(), json.offset(), json.length());
        JsonNode id = root == null ? null : root.get("id");
        if (id == null || !id.isIntegralNumber()) throw new IOException("a member without an id: " + json.toUtf8());
        return new Member(id.bigIntegerValue().longValue(), texts(root.path("peerURLs")),
                root.path("isLearner").asBoolean(false), root.path("name").asText(""), texts(root.path("clientURLs")));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void appendList(StringBuilder json, List<String> texts) {
        json.append('[');
        for (int at = 0; at < texts.size(); at++) {
            if (at > 0) json.append(',');
            GoJson.quote(json, texts.get(at));
        }
        json.append(']');
    }
}
