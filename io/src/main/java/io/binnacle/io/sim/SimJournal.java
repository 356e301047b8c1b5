package io.binnacle.io.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Changes of names that no directory sync has made durable yet, in order. A change (a creation, a removal, both halves
 * of a rename) arrives whole or not at all; changes of one directory arrive in order. Guarded by the disk's lock.
 */
final class SimJournal {

    /** In {@code directory}, {@code name} now means {@code target}, or nothing. */
    record Edit(SimNode directory, String name, @Nullable SimNode target) {}

    private record Change(List<Edit> edits) {
        boolean touches(Set<SimNode> directories) {
            for (Edit edit : edits) if (directories.contains(edit.directory())) return true;
            return false;
        }

        void addDirectoriesTo(Set<SimNode> directories) {
            for (Edit edit : edits) directories.add(edit.directory());
        }

        void arrive() {
            for (Edit edit : edits) {
                if (edit.target() == null) edit.directory().durableEntries.remove(edit.name());
                else edit.directory().durableEntries.put(edit.name(), edit.target());
            }
        }
    }

    private List<Change> pending = new ArrayList<>();

    void add(Edit... edits) {
        pending.add(new Change(List.of(edits)));
    }

    /** All changes of this directory arrive, and earlier ones of directories that they are tied to by a rename. */
    void sync(SimNode directory) {
        Set<SimNode> directories = new HashSet<>();
        directories.add(directory);
        boolean[] arrives = new boolean[pending.size()];
        for (int index = pending.size() - 1; index >= 0; index--) {
            if (!pending.get(index).touches(directories)) continue;
            arrives[index] = true;
            pending.get(index).addDirectoriesTo(directories);
        }
        List<Change> left = new ArrayList<>();
        for (int index = 0; index < arrives.length; index++) {
            if (arrives[index]) pending.get(index).arrive();
            else left.add(pending.get(index));
        }
        pending = left;
    }

    void powerLoss(RandomGenerator random) {
        int mode = random.nextInt(4);
        Set<SimNode> stuck = new HashSet<>();
        for (Change change : pending) {
            boolean lost = change.touches(stuck) || switch (mode) {
                case 0 -> true;
                case 1 -> false;
                default -> random.nextInt(3) == 0;
            };
            if (lost) change.addDirectoriesTo(stuck);
            else change.arrive();
        }
        pending.clear();
    }

    SimJournal copy(IdentityHashMap<SimNode, SimNode> copies) {
        SimJournal copy = new SimJournal();
        for (Change change : pending) {
            List<Edit> edits = new ArrayList<>();
            for (Edit edit : change.edits()) {
                SimNode target = edit.target() == null ? null : edit.target().copy(copies);
                edits.add(new Edit(edit.directory().copy(copies), edit.name(), target));
            }
            copy.pending.add(new Change(List.copyOf(edits)));
        }
        return copy;
    }
}
