package io.binnacle.mvcc;

/** The answer to HashKV (api.md 9.5). */
public sealed interface HashAnswer {

    /**
     * A hash of the keys.
     *
     * @param hash CRC-32C
     * @param hashRevision the revision that it was computed at
     * @param compactRevision the compact revision that it was computed with; -1 if there was none
     * @param currentRevision the store's revision, for the header
     */
    record Hash(int hash, long hashRevision, long compactRevision, long currentRevision) implements HashAnswer {}

    /** The revision is compacted or in the future. */
    record Refused(KvRefusal why) implements HashAnswer {}
}
