package io.binnacle.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine's file system (Linux). Holds no state; safe for all threads.
 *
 * <p>Modes are those of etcd: files 0600, directories 0700, both under the process's umask.
 */
public final class SystemDisk implements Disk {

    private static final int FILE_MODE = 0600;
    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    /** Permissions by bit, from the highest (owner reads, 0400) to the lowest (others execute, 0001). */
    private static final List<PosixFilePermission> BY_BIT = List.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final PageAccess pageAccess;

    /** A disk whose files are mapped for reading. */
    public SystemDisk() {
        this(PageAccess.DEFAULT);
    }

    /** A disk whose {@link DiskFile#pages()} are reached in the given way. */
    public SystemDisk(PageAccess pageAccess) {
        this.pageAccess = pageAccess;
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        int flags = switch (how) {
            case READ -> NativeFiles.O_RDONLY;
            case WRITE -> NativeFiles.O_RDWR;
            case CREATE_NEW -> NativeFiles.O_RDWR | NativeFiles.O_CREAT | NativeFiles.O_EXCL;
            case CREATE_OR_OPEN -> NativeFiles.O_RDWR | NativeFiles.O_CREAT;
            case CREATE_OR_TRUNCATE -> NativeFiles.O_RDWR | NativeFiles.O_CREAT | NativeFiles.O_TRUNC;
        };
        return SystemFile.open(path, flags, FILE_MODE, pageAccess);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (IOException failed) {
            throw named("size", path, failed);
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> names = new ArrayList<>();
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            names.sort(SystemDisk::compareBytes);
            return names;
        } catch (IOException failed) {
            throw named("list", directory, failed);
        }
    }

    private static int compareBytes(String left, String right) {
        return Arrays.compareUnsigned(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
        } catch (IOException failed) {
            throw named("create directory", directory, failed);
        }
    }

    @Override
    public void chmod(Path path, int mode) throws IOException {
        EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BY_BIT.size(); bit++) {
            if ((mode & (0400 >> bit)) != 0) permissions.add(BY_BIT.get(bit));
        }
        try {
            Files.setPosixFilePermissions(path, permissions);
        } catch (IOException failed) {
            throw named("chmod", path, failed);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw named("rename to " + to, from, failed);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        try {
            Files.delete(path);
        } catch (IOException failed) {
            throw named("delete", path, failed);
        }
    }

    @Override
    public void deleteTree(Path directory) throws IOException {
        if (!exists(directory)) return;
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (String name : list(directory)) deleteTree(directory.resolve(name));
        }
        delete(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException failed) {
            throw named("sync directory", directory, failed);
        }
    }

    /** The same failure with path and operation in its message, its kind kept where callers tell kinds apart. */
    static IOException named(String operation, Path path, IOException failed) {
        String reason = failed instanceof FileSystemException known ? known.getReason() : failed.getMessage();
        String message = operation + ": " + (reason != null ? reason : failed.getClass().getSimpleName());
        IOException named = switch (failed) {
            case NoSuchFileException _ -> new NoSuchFileException(path.toString(), null, operation + ": No such file or directory");
            case FileAlreadyExistsException _ -> new FileAlreadyExistsException(path.toString(), null, operation + ": File exists");
            default -> new IOException(operation + " " + path + ": " + message.substring(operation.length() + 2));
        };
        named.initCause(failed);
        return named;
    }
}
