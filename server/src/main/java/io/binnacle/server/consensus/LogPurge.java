package io.binnacle.server.consensus;

import io.binnacle.io.Clock;
import io.binnacle.io.Disk;
import io.binnacle.wal.SnapFiles;
import io.binnacle.wal.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the oldest snapshot files and log segments beyond the number to keep, every 30 s (shared contract: formats.md
 * §1.4). A segment that is still locked, because a restart may need it, ends the round. A part of the log writer.
 */
final class LogPurge {

    private static final Logger LOG = LoggerFactory.getLogger(LogPurge.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Clock clock;
    private final Path wal;
    private final Disk disk;
    private final SnapFiles snapFiles;
    private final int snapshotsMax;
    private final int walsMax;
    private long nextNanos;

    /** A number of 0 keeps everything. */
    LogPurge(Clock clock, Path wal, Disk disk, SnapFiles snapFiles, int snapshotsMax, int walsMax) {
        this.clock = clock;
        this.wal = wal;
        this.disk = disk;
        this.snapFiles = snapFiles;
        this.snapshotsMax = snapshotsMax;
        this.walsMax = walsMax;
        this.nextNanos = clock.nanoTime() + PERIOD_NANOS;
    }

    int doWork() throws IOException {
        if (clock.nanoTime() - nextNanos < 0) return 0;
        nextNanos = clock.nanoTime() + PERIOD_NANOS;
        int removed = 0;
        if (snapshotsMax > 0) removed += report(snapFiles.purge(snapshotsMax));
        if (walsMax > 0) removed += report(Wal.purge(disk, wal, walsMax));
        return removed;
    }

    private static int report(List<String> names) {
        for (String name : names) LOG.atInfo().addKeyValue("path", name).log("purged");
        return names.size();
    }

    long nextDeadlineNanos() {
        return nextNanos;
    }
}
