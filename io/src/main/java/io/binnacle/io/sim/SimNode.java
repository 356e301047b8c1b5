package io.binnacle.io.sim;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or a directory of a {@link SimDisk}, whatever names it has. Guarded by the disk's lock. */
final class SimNode {

    /** Null for a directory. */
    final @Nullable SimContent content;
    /** A directory's names as seen by the program, and as they are surely on the platter. */
    final TreeMap<String, SimNode> entries = new TreeMap<>();
    final TreeMap<String, SimNode> durableEntries = new TreeMap<>();
    int mode;
    @Nullable SimFile ofdHolder;
    @Nullable SimFile flockHolder;
    final Set<SimFile> flockSharers = new HashSet<>();

    SimNode(@Nullable SimContent content, int mode) {
        this.content = content;
        this.mode = mode;
    }

    boolean isDirectory() {
        return content == null;
    }

    /** A copy of all that can be reached from here, with no lock held. */
    SimNode copy(IdentityHashMap<SimNode, SimNode> copies) {
        SimNode known = copies.get(this);
        if (known != null) return known;
        SimNode copy = new SimNode(content == null ? null : content.copy(), mode);
        copies.put(this, copy);
        for (Map.Entry<String, SimNode> entry : entries.entrySet()) {
            copy.entries.put(entry.getKey(), entry.getValue().copy(copies));
        }
        for (Map.Entry<String, SimNode> entry : durableEntries.entrySet()) {
            copy.durableEntries.put(entry.getKey(), entry.getValue().copy(copies));
        }
        return copy;
    }
}
