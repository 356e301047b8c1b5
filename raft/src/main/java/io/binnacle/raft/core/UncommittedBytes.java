package io.binnacle.raft.core;

/**
 * Data bytes of a leader's proposals that are not applied yet, bounded so that a leader without quorum does not fill its
 * memory. One proposal always passes, and empty entries always do.
 */
final class UncommittedBytes {

    private final long bytesMax;
    private long bytes;

    UncommittedBytes(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean tryAdd(long more) {
        if (bytes > 0 && more > 0 && more > bytesMax - bytes) return false;
        bytes += more;
        return true;
    }

    void remove(long fewer) {
        bytes = Math.max(0, bytes - fewer); // entries of former terms are not counted
    }

    void reset() {
        bytes = 0;
    }
}
