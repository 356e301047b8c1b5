package io.binnacle.server.consensus;

import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The layout of a member's directory (shared contract: formats.md §1.1) and its preparation at start. */
public final class DataDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    private final Disk disk;
    private final Path root;
    private final Path wal;

    /** For a data directory and the directory of the log, which may lie elsewhere. */
    public DataDirectory(Disk disk, Path root, Path wal) {
        this.disk = disk;
        this.root = root;
        this.wal = wal;
    }

    /** The directory {@code member}, whose presence tells an initialised directory from an empty one. */
    public Path member() {
        return root.resolve("member");
    }

    Path snap() {
        return member().resolve("snap");
    }

    Path wal() {
        return wal;
    }

    Path db() {
        return snap().resolve("db");
    }

    /** A database received together with the snapshot at an index. */
    Path receivedDb(long index) {
        return snap().resolve(String.format("%016x.snap.db", index));
    }

    /** Whether there is a log: then a member lives here. */
    boolean hasLog() throws IOException {
        if (!disk.isDirectory(wal)) return false;
        for (String name : disk.list(wal)) {
            if (name.endsWith(".wal")) return true;
        }
        return false;
    }

    /**
     * Makes what is missing and sees that files can be written; what does not belong here is named and left alone.
     *
     * @throws StartError naming the directory that cannot be used, or that is not a member's
     */
    void prepare() throws StartError {
        lookAround();
        writable(root, "cannot access data directory");
        writable(member(), "cannot access member directory");
        writable(snap(), "cannot access snapshot directory");
        Path aboveLog = wal.getParent();
        if (aboveLog != null && !aboveLog.equals(member())) writable(aboveLog, "cannot access log directory");
    }

    /** Tells a member's directory from others by the names in it, in etcd's words. */
    private void lookAround() throws StartError {
        List<String> names;
        try {
            if (!disk.exists(root)) return;
            names = disk.list(root);
        } catch (IOException failed) {
            throw new StartError("failed to list data directory " + root + ": " + failed.getMessage(), failed);
        }
        boolean proxy = names.contains("proxy");
        if (proxy && names.contains("member")) {
            throw new StartError("invalid datadir; both member and proxy directories exist");
        }
        if (proxy) throw new StartError("v2 http proxy has already been deprecated in 3.6");
        for (String name : names) {
            if (name.equals("member")) continue;
            LOG.atWarn().addKeyValue("filename", name).addKeyValue("data-dir", root.toString())
                    .log("found invalid file under data directory");
        }
    }

    /** Removes what an interrupted transfer left behind; only for whoever holds the database's lock. */
    void clean() throws StartError {
        try {
            for (String name : disk.list(snap())) {
                if (name.startsWith("tmp") || name.startsWith("db.tmp.")) disk.delete(snap().resolve(name));
            }
        } catch (IOException failed) {
            throw new StartError("cannot clean snapshot directory: " + failed.getMessage(), failed);
        }
    }

    private void writable(Path directory, String what) throws StartError {
        Path probe = directory.resolve(".touch");
        try {
            make(directory);
            try (DiskFile file = disk.open(probe, Disk.Open.CREATE_OR_TRUNCATE)) {
                file.size();
            }
            disk.delete(probe);
        } catch (IOException failed) {
            throw new StartError(what + ": " + failed.getMessage(), failed);
        }
    }

    /**
     * Makes a directory and its missing parents, and their names durable: all that the member will ever sync lies below
     * them, and is lost with them. One that exists may have been made by a member that crashed before its name was
     * durable, so that is repeated.
     */
    private void make(Path directory) throws IOException {
        Path above = directory;
        do {
            above = above.getParent();
        } while (above != null && !disk.isDirectory(above));
        boolean existed = disk.isDirectory(directory);
        disk.createDirectories(directory);
        if (existed && !directory.startsWith(member())) {
            syncForeign(directory.getParent());
            return;
        }
        for (Path parent = directory.getParent(); parent != null; parent = parent.getParent()) {
            disk.syncDirectory(parent);
            if (parent.equals(above)) return;
        }
    }

    /** A directory above an existing one belongs to whoever made both; this member may lack the right to open it. */
    private void syncForeign(@Nullable Path parent) {
        try {
            if (parent != null) disk.syncDirectory(parent);
        } catch (IOException notOurs) {
            LOG.atDebug().addKeyValue("path", String.valueOf(parent)).addKeyValue("error", notOurs.getMessage())
                    .log("the directory above was not synced");
        }
    }
}
