package io.binnacle.server.consensus;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a member is made from. Times and sizes say their unit.
 *
 * @param initialCluster the founders: peer URLs by name; only read where there is no log yet
 * @param quotaBytes limit of the database, negative for none
 */
public record MemberSetup(String name, Path dataDir, Path walDir, Map<String, List<String>> initialCluster,
        String initialClusterToken, boolean joinsExisting, List<String> advertisePeerUrls,
        List<String> advertiseClientUrls, long tickNanos, int electionTicks, boolean preVote, boolean tickAdvance,
        long requestTimeoutNanos, long snapshotCount, long catchupEntries, int snapshotsMax, int walsMax,
        long quotaBytes, int compactionBatch,
        long compactionPauseNanos, int learnersMax) {

    /** An election timeout in nanoseconds. */
    public long electionNanos() {
        return tickNanos * electionTicks;
    }
}
