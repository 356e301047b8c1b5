package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.Entry;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.Role;
import io.binnacle.raft.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The safety properties of thesis figure 3.2, checked over a whole simulated group as it runs. */
final class SimLaws {

    private final Map<Long, Long> leaderOfTerm = new HashMap<>();
    private final Map<String, String> storedByName = new HashMap<>(); // index/term -> what is there and before it
    private final TreeMap<Long, Entry> appliedByIndex = new TreeMap<>();
    private final Map<Long, Bytes> digestByIndex = new HashMap<>();
    private final Map<Bytes, Long> readsWantAtLeast = new HashMap<>();
    private long committedMax;
    private int reads;

    /** Election safety and leader completeness. */
    void check(SimMember member) {
        committedMax = Math.max(committedMax, member.node.committed());
        if (member.node.role() != Role.LEADER) return;
        Long known = leaderOfTerm.putIfAbsent(member.node.term(), member.id);
        require(known == null || known == member.id, "two leaders in term " + member.node.term());
        if (known == null) {
            for (Entry entry : appliedByIndex.values()) {
                if (entry.index() < member.firstIndex() || entry.term() >= member.node.term()) continue;
                require(member.term(entry.index()) == entry.term(),
                        "leader " + member.id + " of term " + member.node.term() + " lacks " + entry);
            }
        }
    }

    /** Log matching: same index and term, same entry, and the same before it. */
    void stored(SimMember member, Entry entry, long termBefore) {
        String name = entry.index() + "/" + entry.term();
        String there = entry.data() + " after term " + termBefore;
        String known = storedByName.putIfAbsent(name, there);
        require(known == null || known.equals(there), name + " is " + there + " at " + member.id + ", was " + known);
    }

    /** State machine safety. */
    Bytes applied(SimMember member, Entry entry, Snapshot before) {
        require(entry.index() == before.index() + 1, member.id + " applies " + entry.index() + " after " + before.index());
        Entry known = appliedByIndex.putIfAbsent(entry.index(), entry);
        require(known == null || known.equals(entry), member.id + " applies " + entry + ", others " + known);
        Bytes digest = Bytes.utf8(Integer.toHexString(Objects.hash(before.data(), entry)));
        digestByIndex.putIfAbsent(entry.index(), digest);
        require(digest.equals(digestByIndex.get(entry.index())), "digests differ at " + entry.index());
        return digest;
    }

    void installed(SimMember member, Snapshot snapshot) {
        require(Objects.equals(snapshot.data(), digestByIndex.get(snapshot.index())),
                member.id + " installed another state at " + snapshot.index());
    }

    /** A read must see all that was committed anywhere when it was asked for. */
    void asked(Bytes context) {
        readsWantAtLeast.put(context, committedMax);
    }

    void answered(ReadState state) {
        Long least = readsWantAtLeast.get(state.context());
        require(least != null && state.index() >= least, "stale read: " + state + ", committed was " + least);
        reads++;
    }

    int reads() {
        return reads;
    }

    int appliedCount() {
        return appliedByIndex.size();
    }

    long committedMax() {
        return committedMax;
    }

    private static void require(boolean holds, String law) {
        if (!holds) throw new AssertionError(law);
    }
}
