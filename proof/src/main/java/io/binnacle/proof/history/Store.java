package io.binnacle.proof.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sequential store that histories are explained by: keys and one revision, which grows by one with every change. Immutable.
 *
 * <p>As every answer carries the revision, an answered operation fits at few places only; that is what keeps the search short.
 */
public record Store(long revision, Map<String, Entry> entries) {
    /** Copies the map. */
    public Store {
        entries = Map.copyOf(entries);
    }

    /** A key's value and last change. */
    public record Entry(String value, long modRevision) {}

    /** A store without keys at a revision. */
    public static Store empty(long revision) {
        return new Store(revision, Map.of());
    }

    /** The store after an operation, or nothing where the answer cannot come from this state. An unknown outcome fits everywhere. */
    Optional<Store> step(Operation operation) {
        Operation.Output output = operation.output();
        Entry present = entries.get(operation.input().key());
        return switch (operation.input()) {
            case Operation.Put(String key, String value) -> fits(changed(key, value), output);
            case Operation.Delete(String key) -> {
                boolean there = present != null;
                yield output != null && output.changed() != there ? Optional.empty() : fits(there ? changed(key, null) : this, output);
            }
            case Operation.Swap(String key, long expected, String value) -> {
                boolean succeeds = (present == null ? 0 : present.modRevision()) == expected;
                yield output != null && output.changed() != succeeds
                        ? Optional.empty()
                        : fits(succeeds ? changed(key, value) : this, output);
            }
            case Operation.Get _ -> fits(this, output).filter(_ -> output == null || reads(present, output));
        };
    }

    /** A revision that an answer names must be the one after the operation. */
    private static Optional<Store> fits(Store after, Operation.@Nullable Output output) {
        return output == null || output.revision() == after.revision ? Optional.of(after) : Optional.empty();
    }

    private static boolean reads(@Nullable Entry present, Operation.Output output) {
        return present == null
                ? output.value() == null && output.modRevision() == 0
                : present.value().equals(output.value()) && present.modRevision() == output.modRevision();
    }

    private Store changed(String key, @Nullable String value) {
        Map<String, Entry> after = new HashMap<>(entries);
        if (value == null) {
            after.remove(key);
        } else {
            after.put(key, new Entry(value, revision + 1));
        }
        return new Store(revision + 1, after);
    }
}
