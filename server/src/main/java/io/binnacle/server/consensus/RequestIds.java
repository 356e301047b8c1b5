package io.binnacle.server.consensus;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests, unique over restarts and members: the low 16 bits of the member id, then 48 bits that begin with the
 * time of the start (shared contract: formats.md §5.2). Safe for all threads.
 */
public final class RequestIds {

    private static final long SUFFIX_MASK = (1L << 48) - 1;

    private final long prefix;
    private final AtomicLong suffix;

    /** For a member that starts at this time. */
    public RequestIds(long memberId, long wallMillis) {
        this.prefix = (memberId & 0xFFFF) << 48;
        this.suffix = new AtomicLong((wallMillis & ((1L << 40) - 1)) << 8);
    }

    /** The next id. */
    public long next() {
        return prefix | (suffix.incrementAndGet() & SUFFIX_MASK);
    }
}
