package io.binnacle.bench.scenario;

/** Whether the full counts are run, or a hundredth of them to see that everything works. */
public enum Scale {
    /** What claims need. */
    FULL,
    /** A look whether it works; its figures mean nothing. */
    QUICK;

    private static final long QUICK_PART = 100;
    private static final int QUICK_RATE_PART = 10;

    /** A count of requests or keys. */
    long count(long full) {
        return this == FULL ? full : Math.max(20, full / QUICK_PART);
    }

    /** Requests per second. */
    int rate(int full) {
        return this == FULL ? full : Math.max(1, full / QUICK_RATE_PART);
    }

    /** A duration. */
    long millis(long full) {
        return this == FULL ? full : Math.max(300, full / QUICK_PART);
    }
}
