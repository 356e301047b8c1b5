package io.binnacle.server.consensus;

import io.binnacle.base.Bytes;
import io.binnacle.server.apply.Completion;

/**
 * A command on its way into the log.
 *
 * @param id the request id inside the entry, by which its outcome finds back
 * @param entry the entry's data
 * @param deadlineNanos when to stop waiting, on the monotonic clock
 * @param completion who waits
 */
record Proposal(long id, Bytes entry, long deadlineNanos, Completion completion) {}
