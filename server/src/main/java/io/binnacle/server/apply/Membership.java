package io.binnacle.server.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Members, removed members, cluster version and downgrade: the buckets {@code members}, {@code members_removed} and
 * {@code cluster} (shared contract: formats.md §5.4, §7, §10). Changed by the apply agent alone; every change makes a
 * new {@link State}, which any thread may read.
 */
public final class Membership {

    private static final Bytes CLUSTER_VERSION = Bytes.utf8("clusterVersion");
    private static final Bytes DOWNGRADE = Bytes.utf8("downgrade");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A downgrade that has been asked for; {@code target} is empty when none is. */
    public record Downgrade(boolean enabled, String target) {
        static final Downgrade NONE = new Downgrade(false, "");
    }

    /**
     * The cluster as it is known here.
     *
     * @param members by ascending unsigned id
     * @param removed ids that were members and never may be again
     * @param clusterVersion null until the leader has decided it
     */
    public record State(List<Member> members, Set<Long> removed, @Nullable SemVer clusterVersion, Downgrade downgrade) {

        /** The member of that id, or null. */
        public @Nullable Member member(long id) {
            for (Member member : members) {
                if (member.id() == id) return member;
            }
            return null;
        }

        /** How many members have a vote. */
        public int voters() {
            return (int) members.stream().filter(member -> !member.learner()).count();
        }
    }

    private final Backend backend;
    private final TreeMap<Long, Member> members = new TreeMap<>(Long::compareUnsigned);
    private final TreeSet<Long> removed = new TreeSet<>(Long::compareUnsigned);
    private volatile State state = new State(List.of(), Set.of(), null, Downgrade.NONE);

    private Membership(Backend backend) {
        this.backend = backend;
    }

    /**
     * Loads what the backend holds.
     *
     * @throws IOException if a record cannot be read
     */
    public static Membership restore(Backend backend) throws IOException {
        Membership membership = new Membership(backend);
        for (Bytes json : Records.all(backend, Bucket.MEMBERS).values()) {
            Member member = Member.fromJson(json);
            membership.members.put(member.id(), member);
        }
        for (Bytes id : Records.all(backend, Bucket.MEMBERS_REMOVED).keySet()) {
            membership.removed.add(Long.parseUnsignedLong(id.toUtf8(), 16));
        }
        Bytes version = Records.get(backend, Bucket.CLUSTER, CLUSTER_VERSION);
        Bytes downgrade = Records.get(backend, Bucket.CLUSTER, DOWNGRADE);
        membership.publish(version == null ? null : SemVer.parse(version.toUtf8()),
                downgrade == null ? Downgrade.NONE : downgradeOf(downgrade));
        return membership;
    }

    /** The newest state. For any thread. */
    public State state() {
        return state;
    }

    /** Whether a member may be added, or a learner promoted if {@code promote}; null if so. */
    @Nullable Refusal mayAdd(Member member, boolean promote, int learnersMax) {
        if (removed.contains(member.id())) return Refusal.MEMBER_NOT_FOUND;
        if (promote) {
            Member learner = members.get(member.id());
            if (learner == null) return Refusal.MEMBER_NOT_FOUND;
            return learner.learner() ? null : Refusal.MEMBER_NOT_LEARNER;
        }
        if (members.containsKey(member.id())) return Refusal.MEMBER_EXISTS;
        if (usesUrlOfAnother(member)) return Refusal.PEER_URL_EXISTS;
        long learners = members.values().stream().filter(Member::learner).count();
        return member.learner() && learners >= learnersMax ? Refusal.TOO_MANY_LEARNERS : null;
    }

    /** Whether a member may be removed; null if so. */
    @Nullable Refusal mayRemove(long id) {
        return removed.contains(id) || !members.containsKey(id) ? Refusal.MEMBER_NOT_FOUND : null;
    }

    /** Whether a member may get these peer URLs; null if so. */
    @Nullable Refusal mayUpdate(Member member) {
        if (mayRemove(member.id()) != null) return Refusal.MEMBER_NOT_FOUND;
        return usesUrlOfAnother(member) ? Refusal.PEER_URL_EXISTS : null;
    }

    private boolean usesUrlOfAnother(Member candidate) {
        for (Member other : members.values()) {
            if (other.id() == candidate.id()) continue;
            if (candidate.peerUrls().stream().anyMatch(other.peerUrls()::contains)) return true;
        }
        return false;
    }

    void put(Member member) {
        members.put(member.id(), member);
        backend.put(Bucket.MEMBERS, idKey(member.id()), member.toJson());
        publish(state.clusterVersion(), state.downgrade());
    }

    void remove(long id) {
        members.remove(id);
        removed.add(id);
        backend.delete(Bucket.MEMBERS, idKey(id));
        backend.put(Bucket.MEMBERS_REMOVED, idKey(id), Bytes.utf8("removed"));
        publish(state.clusterVersion(), state.downgrade());
    }

    /** Notes what a member published; one that has been removed is passed over. */
    void setAttributes(long id, String name, List<String> clientUrls) {
        Member member = members.get(id);
        if (member != null) put(member.withAttributes(name, clientUrls));
    }

    void setClusterVersion(SemVer version) {
        backend.put(Bucket.CLUSTER, CLUSTER_VERSION, Bytes.utf8(version.toString()));
        publish(version, state.downgrade());
    }

    void setDowngrade(Downgrade downgrade) {
        StringBuilder json = GoJson.quote(new StringBuilder("{\"target-version\":"), downgrade.target());
        json.append(",\"enabled\":").append(downgrade.enabled()).append('}');
        backend.put(Bucket.CLUSTER, DOWNGRADE, Bytes.utf8(json.toString()));
        publish(state.clusterVersion(), downgrade);
    }

    private void publish(@Nullable SemVer clusterVersion, Downgrade downgrade) {
        state = new State(List.copyOf(members.values()), Set.copyOf(removed), clusterVersion, downgrade);
    }

    private static Downgrade downgradeOf(Bytes json) throws IOException {
        JsonNode root = JSON.readTree(json.array(), json.offset(), json.length());
        return new Downgrade(root.path("enabled").asBoolean(false), root.path("target-version").asText(""));
    }

    private static Bytes idKey(long id) {
        return Bytes.utf8(Member.hex(id));
    }
}
