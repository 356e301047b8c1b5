package io.binnacle.wal;

/**
 * How a log is written.
 *
 * @param segmentBytes the length at which a segment is closed and to which the next one is preallocated
 * @param bufferBytes how much may be appended before it is written without waiting for a flush
 */
public record WalConfig(long segmentBytes, int bufferBytes) {

    /** What etcd uses: 64 million bytes, not 64 MiB. */
    public static final WalConfig DEFAULT = new WalConfig(64_000_000, 1 << 20);

    /** Checks the sizes. */
    public WalConfig {
        if (segmentBytes < 4096) throw new IllegalArgumentException("segmentBytes " + segmentBytes);
        if (bufferBytes < 1) throw new IllegalArgumentException("bufferBytes " + bufferBytes);
    }
}
