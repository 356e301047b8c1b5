package io.binnacle.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the inputs so far ask of the world.
 *
 * <p>In synchronous mode: make {@code entries}, {@code hardState} and {@code snapshot} durable (with a sync if
 * {@code mustSync}), then send {@code messages}, apply {@code committedEntries}, and call {@code advance()}. A leader
 * may send before it stores. In asynchronous mode everything is in {@code messages}, among them those to
 * {@link NodeId#APPEND_THREAD} and {@link NodeId#APPLY_THREAD}, and the other fields are the same things shown again;
 * the agents send a message's {@code responses} when its work is done, those to the own id through {@code step}.
 *
 * @param softState role and leader if they changed
 * @param hardState to make durable if it changed
 * @param readStates answers to read-index requests
 * @param entries to make durable
 * @param snapshot to make durable, null: none; it comes before {@code entries}
 * @param committedEntries to apply
 * @param messages to send
 * @param mustSync whether a sync must end the write: there are entries, or term or vote changed
 */
public record Ready(@Nullable SoftState softState, @Nullable HardState hardState, List<ReadState> readStates,
        EntrySlice entries, @Nullable Snapshot snapshot, EntrySlice committedEntries, List<Message> messages,
        boolean mustSync) {}
