package io.binnacle.proof.history;

import org.jspecify.annotations.Nullable;

/**
 * One request of one client and what it got.
 *
 * @param client who asked; one client has one operation at a time
 * @param input what was asked
 * @param output what was answered; null when the outcome is unknown, which may take effect at any later time or never
 * @param callNanos when it was sent, monotonic
 * @param returnNanos when the answer was there; of no meaning without an output
 */
public record Operation(int client, Input input, @Nullable Output output, long callNanos, long returnNanos) {
    /** What was asked. */
    public sealed interface Input {
        /** The key it is about. */
        String key();
    }

    /** Write a value. */
    public record Put(String key, String value) implements Input {}

    /** Remove a key. */
    public record Delete(String key) implements Input {}

    /** Read a key, linearizable. */
    public record Get(String key) implements Input {}

    /** Write a value if the key was last changed at a revision; 0 means absent. */
    public record Swap(String key, long expectedModRevision, String value) implements Input {}

    /**
     * What was answered.
     *
     * @param revision the store's revision in the header
     * @param value of a Get: the value, or null if absent
     * @param modRevision of a Get: the key's last change, 0 if absent
     * @param changed of a Delete: something was there; of a Swap: it succeeded
     */
    public record Output(long revision, @Nullable String value, long modRevision, boolean changed) {}
}
