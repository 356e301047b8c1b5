package io.binnacle.mvcc.watch;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** Who may watch what. Asked for every new watcher, on the loop. */
@FunctionalInterface
public interface WatchGate {

    /** Why [key, rangeEnd) may not be watched, as the client is told; null if it may. */
    @Nullable String refusal(Bytes key, Bytes rangeEnd);
}
