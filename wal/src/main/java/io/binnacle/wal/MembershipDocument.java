package io.binnacle.wal;

import io.binnacle.base.Bytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The membership of a cluster as the JSON tree of the v2 store, which {@code .snap} files and snapshot messages carry
 * because 3.6 reads it back; 3.7 and we only write it. Layout: docs/formats/wal.md, "snap".
 */
public final class MembershipDocument {

    /**
     * A member.
     *
     * @param id unsigned
     * @param clientUrls empty until it has published itself
     */
    public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
        /** Copies the lists. */
        public Member {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }
    }

    private static final int EVENT_SLOTS = 1000;
    private static final List<String> COUNTERS = List.of("getsSuccess", "getsFail", "setsSuccess", "setsFail",
            "deleteSuccess", "deleteFail", "updateSuccess", "updateFail", "createSuccess", "createFail",
            "compareAndSwapSuccess", "compareAndSwapFail", "compareAndDeleteSuccess", "compareAndDeleteFail", "expireCount", "watchers");

    /** A directory when it has children, else a file; created and modified by the same write. */
    private static final class Node {
        final long index;
        final @Nullable String value;
        final Map<String, Node> children = new TreeMap<>();

        Node(long index, @Nullable String value) {
            this.index = index;
            this.value = value;
        }
    }

    private final Node root = new Node(0, null);
    private final StringBuilder json = new StringBuilder(8192);
    private long index;

    private MembershipDocument() {}

    /**
     * Builds the document.
     *
     * @param removed ids of removed members
     * @param clusterVersion {@code x.y.0}, or null while it is not decided
     */
    public static Bytes of(List<Member> members, List<Long> removed, @Nullable String clusterVersion) {
        MembershipDocument document = new MembershipDocument();
        Node zero = new Node(0, null);
        document.root.children.put("0", zero);
        document.root.children.put("1", new Node(0, null));
        for (Member member : members) document.member(zero, member);
        for (long id : removed) {
            document.index++;
            document.directory(zero, "removed_members").children.put(Long.toHexString(id), new Node(document.index, ""));
        }
        if (clusterVersion != null) zero.children.put("version", new Node(++document.index, clusterVersion));
        return document.write();
    }

    private void member(Node zero, Member member) {
        index++;
        Node node = directory(directory(zero, "members"), Long.toHexString(member.id()));
        StringBuilder raft = new StringBuilder("{\"peerURLs\":");
        strings(raft, member.peerUrls());
        if (member.learner()) raft.append(",\"isLearner\":true");
        node.children.put("raftAttributes", new Node(index, raft.append('}').toString()));
        if (member.clientUrls().isEmpty()) return;
        StringBuilder attributes = new StringBuilder("{");
        if (!member.name().isEmpty()) string(attributes.append("\"name\":"), member.name()).append(',');
        strings(attributes.append("\"clientURLs\":"), member.clientUrls());
        node.children.put("attributes", new Node(++index, attributes.append('}').toString()));
    }

    private Node directory(Node parent, String name) {
        return parent.children.computeIfAbsent(name, _ -> new Node(index, null));
    }

    private Bytes write() {
        json.append("{\"Root\":");
        node("/", root);
        json.append(",\"WatcherHub\":{\"EventHistory\":{\"Queue\":{\"Events\":[null").append(",null".repeat(EVENT_SLOTS - 1))
                .append("],\"Size\":0,\"Front\":0,\"Back\":0,\"Capacity\":").append(EVENT_SLOTS)
                .append("},\"StartIndex\":0,\"LastIndex\":").append(index).append("}},\"CurrentIndex\":").append(index)
                .append(",\"Stats\":{");
        for (String counter : COUNTERS) json.append('"').append(counter).append("\":0,");
        json.setLength(json.length() - 1);
        json.append("},\"CurrentVersion\":2}");
        return Bytes.utf8(json.toString());
    }

    private void node(String path, Node node) {
        string(json.append("{\"Path\":"), path).append(",\"CreatedIndex\":").append(node.index)
                .append(",\"ModifiedIndex\":").append(node.index).append(",\"ExpireTime\":\"0001-01-01T00:00:00Z\",\"Value\":");
        if (node.value != null) {
            string(json, node.value).append(",\"Children\":null}");
            return;
        }
        json.append("\"\",\"Children\":{");
        boolean first = true;
        for (Map.Entry<String, Node> child : node.children.entrySet()) {
            if (!first) json.append(',');
            first = false;
            string(json, child.getKey()).append(':');
            node(path.equals("/") ? "/" + child.getKey() : path + "/" + child.getKey(), child.getValue());
        }
        json.append("}}");
    }

    private static void strings(StringBuilder to, List<String> texts) {
        to.append('[');
        for (int at = 0; at < texts.size(); at++) {
            if (at > 0) to.append(',');
            string(to, texts.get(at));
        }
        to.append(']');
    }

    /** A JSON string with the escapes of Go's encoder, which also escapes what HTML would notice. */
    private static StringBuilder string(StringBuilder to, String text) {
        to.append('"');
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            switch (next) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                case '\b' -> to.append("\\b");
                case '\f' -> to.append("\\f");
                default -> {
                    if (next < 0x20 || next == '<' || next == '>' || next == '&' || next == 0x2028 || next == 0x2029) {
                        to.append(String.format("\\u%04x", (int) next));
                    } else {
                        to.append(next);
                    }
                }
            }
        }
        return to.append('"');
    }
}
