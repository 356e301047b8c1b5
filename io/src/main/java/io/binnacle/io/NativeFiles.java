package io.binnacle.io;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file calls of Linux that Java does not offer: open-file-description locks, {@code flock}, {@code fallocate} and
 * mappings larger than their file. The only class that calls native code. Numbers are those of linux/x86-64 and
 * linux/aarch64, where they are the same. Stateless; safe for all threads.
 */
@SuppressWarnings("restricted") // native access is this class's reason; the launcher grants it
final class NativeFiles {

    /** Error numbers, asm-generic/errno-base.h and errno.h. */
    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    /** Flags of open(2), asm-generic/fcntl.h. */
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_TRUNC = 0x200;
    private static final int O_CLOEXEC = 0x80000;

    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short SEEK_SET = 0;
    /** {@code struct flock}: short type, short whence, 4 bytes padding, long start, long length, int pid, padding. */
    private static final long FLOCK_BYTES = 32;

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;
    private static final int MAP_NORESERVE = 0x4000;
    private static final long MAP_FAILED = -1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN =
            call("open", FunctionDescriptor.of(INT, POINTER, INT, INT), CAPTURE, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(INT, INT), CAPTURE);
    private static final MethodHandle FCNTL =
            call("fcntl", FunctionDescriptor.of(INT, INT, INT, POINTER), CAPTURE, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLOCK = call("flock", FunctionDescriptor.of(INT, INT, INT), CAPTURE);
    private static final MethodHandle FALLOCATE =
            call("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG), CAPTURE);
    private static final MethodHandle MMAP =
            call("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG), CAPTURE);
    private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(INT, LONG, LONG), CAPTURE);
    private static final MethodHandle STRERROR = call("strerror", FunctionDescriptor.of(POINTER, INT));

    private NativeFiles() {}

    private static MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** {@code open(2)} with close-on-exec; the descriptor is the caller's to {@link #close}. */
    static int open(Path path, int flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment name = arena.allocateFrom(path.toString());
            int descriptor;
            do {
                descriptor = (int) OPEN.invokeExact(state, name, flags | O_CLOEXEC, mode);
            } while (descriptor < 0 && errno(state) == EINTR);
            if (descriptor >= 0) return descriptor;
            throw switch (errno(state)) {
                case ENOENT -> new NoSuchFileException(path.toString(), null, "open: " + text(ENOENT));
                case EEXIST -> new FileAlreadyExistsException(path.toString(), null, "create: " + text(EEXIST));
                default -> failure("open", path, errno(state));
            };
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    static void close(int descriptor, Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            // Linux has released the descriptor whatever close answers, so it is never called twice.
            if ((int) CLOSE.invokeExact(state, descriptor) != 0 && errno(state) != EINTR) {
                throw failure("close", path, errno(state));
            }
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /** Takes a lock without waiting; false when another description holds it. */
    static boolean tryLock(int descriptor, DiskFile.Lock lock, Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result;
            do {
                result = switch (lock) {
                    case OFD_EXCLUSIVE -> {
                        MemorySegment whole = arena.allocate(FLOCK_BYTES, 8); // start 0, length 0: all of the file
                        whole.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
                        whole.set(ValueLayout.JAVA_SHORT, 2, SEEK_SET);
                        yield (int) FCNTL.invokeExact(state, descriptor, F_OFD_SETLK, whole);
                    }
                    case FLOCK_EXCLUSIVE -> (int) FLOCK.invokeExact(state, descriptor, LOCK_EX | LOCK_NB);
                    case FLOCK_SHARED -> (int) FLOCK.invokeExact(state, descriptor, LOCK_SH | LOCK_NB);
                };
            } while (result != 0 && errno(state) == EINTR);
            if (result == 0) return true;
            if (errno(state) == EAGAIN || errno(state) == EACCES) return false;
            throw failure("lock", path, errno(state));
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /** Reserves blocks up to {@code length}, extending the file; false where the file system has no such call. */
    static boolean allocate(int descriptor, long length, Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result;
            do {
                result = (int) FALLOCATE.invokeExact(state, descriptor, 0, 0L, length);
            } while (result != 0 && errno(state) == EINTR);
            if (result == 0) return true;
            if (errno(state) == EOPNOTSUPP || errno(state) == ENOSYS) return false;
            throw failure("allocate", path, errno(state));
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /**
     * Maps {@code length} bytes of the file for reading, more than it may have now: pages past its end become
     * readable when it grows, and fault until then. Unmapped when the arena is closed.
     */
    static MemorySegment map(int descriptor, long length, Arena arena, Path path) throws IOException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment state = scratch.allocate(STATE);
            long address =
                    (long) MMAP.invokeExact(state, 0L, length, PROT_READ, MAP_SHARED | MAP_NORESERVE, descriptor, 0L);
            if (address == MAP_FAILED) throw failure("map " + length + " bytes", path, errno(state));
            return MemorySegment.ofAddress(address)
                    .reinterpret(length, arena, mapping -> unmap(mapping.address(), length))
                    .asReadOnly();
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    private static void unmap(long address, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) MUNMAP.invokeExact(state, address, length);
            if (result != 0) throw new IllegalStateException("munmap: " + text(errno(state)));
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException failure(String operation, Path path, int error) {
        return new IOException(operation + " " + path + ": " + text(error));
    }

    private static String text(int error) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(error);
            return text.reinterpret(256).getString(0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** A method handle may declare anything; what these calls really throw is an IOException or unchecked. */
    private static IOException rethrown(Throwable thrown) {
        if (thrown instanceof IOException io) return io;
        throw unexpected(thrown);
    }

    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) throw error;
        if (thrown instanceof RuntimeException unchecked) return unchecked;
        return new IllegalStateException(thrown);
    }
}
