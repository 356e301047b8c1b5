package io.binnacle.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files and directories of one member. Paths are absolute. Every failure is an {@link IOException} that names the
 * path and the operation. Safe for all threads; each {@link DiskFile} has rules of its own.
 *
 * <p>Nothing is durable before it was synced: file contents by {@link DiskFile#datasync()}, the existence and the name
 * of a file by {@link #syncDirectory(Path)}.
 */
public interface Disk {

    /** How {@link #open} treats presence and absence. */
    enum Open {
        /** Must exist; writing through the result fails. */
        READ,
        /** Must exist. */
        WRITE,
        /** Must not exist; created empty with mode 0600. */
        CREATE_NEW,
        /** Opened as it is, or created empty with mode 0600. */
        CREATE_OR_OPEN,
        /** Emptied, or created empty with mode 0600. */
        CREATE_OR_TRUNCATE
    }

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if it must exist and does not
     * @throws java.nio.file.FileAlreadyExistsException if it must not exist and does
     */
    DiskFile open(Path path, Open how) throws IOException;

    /** Whether a file or directory of that name exists. */
    boolean exists(Path path) throws IOException;

    /** Whether it exists and is a directory. */
    boolean isDirectory(Path path) throws IOException;

    /** Length of a file in bytes. */
    long size(Path path) throws IOException;

    /** Names in a directory, sorted by their bytes. */
    List<String> list(Path directory) throws IOException;

    /** Makes a directory and its missing parents with mode 0700; one that exists is left as it is. */
    void createDirectories(Path directory) throws IOException;

    /** Gives a file or directory the permission bits {@code mode}, as in {@code 0644}. */
    void chmod(Path path, int mode) throws IOException;

    /** Renames within one file system, replacing a target file atomically. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory. */
    void delete(Path path) throws IOException;

    /** Removes a directory with all in it; one that is absent is no error. */
    void deleteTree(Path directory) throws IOException;

    /** Makes creations, renames and removals in a directory durable. */
    void syncDirectory(Path directory) throws IOException;
}
