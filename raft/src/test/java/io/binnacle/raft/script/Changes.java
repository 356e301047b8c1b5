package io.binnacle.raft.script;

import io.binnacle.raft.confchange.ConfChangeSingle;
import io.binnacle.raft.confchange.ConfChangeType;
import java.util.ArrayList;
import java.util.List;

/** Membership changes as scripts write them: {@code v1 l2 r3 u4}. */
public final class Changes {

    private Changes() {}

    /** Reads all of some lines. */
    public static List<ConfChangeSingle> parse(List<String> lines) {
        List<ConfChangeSingle> changes = new ArrayList<>();
        for (String line : lines) {
            for (String word : line.strip().split(" ", -1)) {
                if (word.isEmpty()) continue;
                ConfChangeType type = switch (word.charAt(0)) {
                    case 'v' -> ConfChangeType.ADD_NODE;
                    case 'l' -> ConfChangeType.ADD_LEARNER_NODE;
                    case 'r' -> ConfChangeType.REMOVE_NODE;
                    case 'u' -> ConfChangeType.UPDATE_NODE;
                    default -> throw new IllegalArgumentException("unknown change " + word);
                };
                changes.add(new ConfChangeSingle(type, Long.parseUnsignedLong(word.substring(1))));
            }
        }
        return changes;
    }
}
