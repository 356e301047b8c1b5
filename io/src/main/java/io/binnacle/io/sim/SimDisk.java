package io.binnacle.io.sim;

import io.binnacle.io.Disk;
import io.binnacle.io.DiskFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps exactly the promises of {@link Disk} and no more. After {@link #powerLoss} every sector
 * of 512 bytes written since its file's last sync holds any of its versions, lengths may be old or new, and names
 * whose directory was not synced may be gone. Faults are decided by a {@link DiskFault.Plan}, chance by the given
 * generator. Safe for all threads; deterministic when one thread uses it.
 */
public final class SimDisk implements Disk {

    private final RandomGenerator random;
    private SimNode root = new SimNode(null, 0700);
    private SimJournal journal = new SimJournal();
    private DiskFault.Plan plan = _ -> null;
    private LongConsumer delays = _ -> {};
    private long capacityBytes = Long.MAX_VALUE;
    private long operations;
    private long generation;
    private boolean off;

    /** An empty disk that draws what chance it needs from {@code random}. */
    public SimDisk(RandomGenerator random) {
        this.random = random;
    }

    // ---- what tests and the simulator do to it

    /** Sets what befalls the operations from now on. */
    public synchronized void faults(DiskFault.Plan next) {
        plan = next;
    }

    /** Sets who is told of {@link DiskFault.Delay}s, in nanoseconds: usually moves a {@link SimClock} forward. */
    public synchronized void onDelay(LongConsumer listener) {
        delays = listener;
    }

    /** Sets how many bytes all files together may be long; growing past it fails with ENOSPC. */
    public synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** How many operations were begun so far. */
    public synchronized long operations() {
        return operations;
    }

    /** The process ends: open files die and release their locks; all that was written stays. */
    public synchronized void processCrash() {
        generation++;
        off = false;
        releaseLocks(root);
    }

    /** The machine stops and starts: what was not synced survives in part, as {@code chance} decides. */
    public synchronized void powerLoss(RandomGenerator chance) {
        journal.powerLoss(chance);
        settle(root, chance);
        processCrash();
    }

    private static void settle(SimNode node, RandomGenerator chance) {
        if (node.content != null) {
            node.content.powerLoss(chance);
            return;
        }
        node.entries.clear();
        node.entries.putAll(node.durableEntries);
        for (SimNode child : node.entries.values()) settle(child, chance);
    }

    private static void releaseLocks(SimNode node) {
        node.ofdHolder = null;
        node.flockHolder = null;
        node.flockSharers.clear();
        for (SimNode child : node.entries.values()) releaseLocks(child);
    }

    /** A disk in the same state, unsynced writes included, with nothing open, no faults, and chance of its own. */
    public synchronized SimDisk fork(RandomGenerator chance) {
        SimDisk fork = new SimDisk(chance);
        IdentityHashMap<SimNode, SimNode> copies = new IdentityHashMap<>();
        fork.root = root.copy(copies);
        fork.journal = journal.copy(copies);
        fork.capacityBytes = capacityBytes;
        return fork;
    }

    /** Turns one bit of a file at rest, synced or not. */
    public synchronized void flipBit(Path path, long position, int bit) throws IOException {
        content(path, "flip").flip(position, bit);
    }

    // ---- Disk

    @Override
    public synchronized DiskFile open(Path path, Open how) throws IOException {
        running("open " + path);
        SimNode parent = parent(path, "open");
        SimNode node = parent.entries.get(name(path));
        boolean create = how != Open.READ && how != Open.WRITE;
        if (node == null && !create) throw new NoSuchFileException(path.toString(), null, "open: No such file or directory");
        if (node != null && how == Open.CREATE_NEW) {
            throw new FileAlreadyExistsException(path.toString(), null, "create: File exists");
        }
        if (node == null) {
            meet(DiskOperation.Kind.CREATE, path, 0, 0);
            node = new SimNode(new SimContent(), 0600);
            parent.entries.put(name(path), node);
            journal.add(new SimJournal.Edit(parent, name(path), node));
        } else {
            meet(DiskOperation.Kind.OPEN, path, 0, 0);
        }
        if (node.content == null) throw new IOException("open " + path + ": Is a directory");
        if (how == Open.CREATE_OR_TRUNCATE) node.content.truncate(0);
        return new SimFile(this, path, node, node.content, how != Open.READ, generation);
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        running("exists " + path);
        return find(path) != null;
    }

    @Override
    public synchronized boolean isDirectory(Path path) throws IOException {
        running("exists " + path);
        SimNode node = find(path);
        return node != null && node.isDirectory();
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        running("size " + path);
        return content(path, "size").length();
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        running("list " + directory);
        return new ArrayList<>(directory(directory, "list").entries.keySet());
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        running("create directory " + directory);
        SimNode node = root;
        for (Path step : directory) {
            String name = step.toString();
            SimNode next = node.entries.get(name);
            if (next == null) {
                meet(DiskOperation.Kind.CREATE, directory, 0, 0);
                next = new SimNode(null, 0700);
                node.entries.put(name, next);
                journal.add(new SimJournal.Edit(node, name, next));
            }
            if (!next.isDirectory()) {
                throw new FileAlreadyExistsException(directory.toString(), null, "create directory: Not a directory");
            }
            node = next;
        }
    }

    @Override
    public synchronized void chmod(Path path, int mode) throws IOException {
        running("chmod " + path);
        existing(path, "chmod").mode = mode;
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        running("rename " + from);
        SimNode node = existing(from, "rename");
        SimNode source = parent(from, "rename");
        SimNode target = parent(to, "rename");
        SimNode replaced = target.entries.get(name(to));
        if (replaced != null && replaced.isDirectory() && !replaced.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        meet(DiskOperation.Kind.RENAME, from, 0, 0);
        source.entries.remove(name(from));
        target.entries.put(name(to), node);
        journal.add(new SimJournal.Edit(source, name(from), null), new SimJournal.Edit(target, name(to), node));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        running("delete " + path);
        SimNode node = existing(path, "delete");
        if (!node.entries.isEmpty()) throw new DirectoryNotEmptyException(path.toString());
        meet(DiskOperation.Kind.DELETE, path, 0, 0);
        SimNode parent = parent(path, "delete");
        parent.entries.remove(name(path));
        journal.add(new SimJournal.Edit(parent, name(path), null));
    }

    @Override
    public synchronized void deleteTree(Path directory) throws IOException {
        running("delete " + directory);
        SimNode node = find(directory);
        if (node == null) return;
        for (String name : new ArrayList<>(node.entries.keySet())) deleteTree(directory.resolve(name));
        delete(directory);
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        running("sync directory " + directory);
        SimNode node = directory(directory, "sync directory");
        meet(DiskOperation.Kind.SYNC_DIRECTORY, directory, 0, 0);
        journal.sync(node);
    }

    // ---- for its files

    /** Counts the operation and lets its fault happen, if there is one. */
    void meet(DiskOperation.Kind kind, Path path, long position, long length) throws IOException {
        DiskFault fault = fault(kind, path, position, length);
        if (fault != null) fail(fault, kind, path);
    }

    private @Nullable DiskFault fault(DiskOperation.Kind kind, Path path, long position, long length) {
        operations++;
        return plan.of(new DiskOperation(operations, kind, path, position, length));
    }

    private void fail(DiskFault fault, DiskOperation.Kind kind, Path path) throws IOException {
        switch (fault) {
            case DiskFault.Delay(long nanos) -> delays.accept(nanos);
            case DiskFault.IoError _ -> throw new IOException(kind + " " + path + ": Input/output error");
            case DiskFault.NoSpace _ -> throw noSpace(kind + " " + path);
            case DiskFault.ShortWrite _ -> throw noSpace(kind + " " + path);
            case DiskFault.PowerLoss _ -> {
                off = true;
                throw new PowerLost(kind + " " + path);
            }
        }
    }

    private static IOException noSpace(String operation) {
        return new IOException(operation + ": No space left on device");
    }

    void write(SimFile file, long position, byte[] bytes) throws IOException {
        DiskFault fault = fault(DiskOperation.Kind.WRITE, file.path(), position, bytes.length);
        long room = capacityBytes == Long.MAX_VALUE
                ? bytes.length
                : Math.clamp(capacityBytes - used(root) + file.content.length() - position, 0, bytes.length);
        long written = switch (fault) {
            case DiskFault.ShortWrite(long kept) -> Math.min(kept, room);
            case DiskFault.IoError _ -> random.nextInt(bytes.length + 1);
            case DiskFault.NoSpace _ -> 0;
            case DiskFault.PowerLoss _ -> room;
            case DiskFault.Delay _ -> room;
            case null -> room;
        };
        file.content.write(position, bytes, 0, (int) written);
        if (fault != null) fail(fault, DiskOperation.Kind.WRITE, file.path());
        if (written < bytes.length) throw noSpace("WRITE " + file.path());
    }

    void sync(SimFile file) throws IOException {
        DiskFault fault = fault(DiskOperation.Kind.SYNC, file.path(), 0, 0);
        if (fault instanceof DiskFault.IoError) file.content.syncFailed(random);
        if (fault != null) fail(fault, DiskOperation.Kind.SYNC, file.path());
        file.content.sync();
    }

    void reserve(SimContent content, long length, String operation) throws IOException {
        if (capacityBytes != Long.MAX_VALUE && length - content.length() > capacityBytes - used(root)) {
            throw noSpace(operation);
        }
    }

    private static long used(SimNode node) {
        long bytes = node.content == null ? 0 : node.content.length();
        for (SimNode child : node.entries.values()) bytes += used(child);
        return bytes;
    }

    /** Throws unless the machine has been running since the file was opened. */
    void alive(SimFile file) throws IOException {
        if (off || file.generation != generation) throw new PowerLost("use " + file.path());
    }

    private void running(String operation) throws IOException {
        if (off) throw new PowerLost(operation);
    }

    private @Nullable SimNode find(Path path) {
        SimNode node = root;
        for (Path step : path) {
            node = node.entries.get(step.toString());
            if (node == null) return null;
        }
        return node;
    }

    private SimNode existing(Path path, String operation) throws IOException {
        SimNode node = find(path);
        if (node == null) throw new NoSuchFileException(path.toString(), null, operation + ": No such file or directory");
        return node;
    }

    private SimNode directory(Path path, String operation) throws IOException {
        SimNode node = existing(path, operation);
        if (!node.isDirectory()) throw new IOException(operation + " " + path + ": Not a directory");
        return node;
    }

    private SimContent content(Path path, String operation) throws IOException {
        SimContent content = existing(path, operation).content;
        if (content == null) throw new IOException(operation + " " + path + ": Is a directory");
        return content;
    }

    private SimNode parent(Path path, String operation) throws IOException {
        Path parent = path.getParent();
        if (parent == null) throw new IOException(operation + " " + path + ": the root");
        return directory(parent, operation);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
