// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/**
 * An open file of Linux: the calls that NIO lacks. Every call returns 0 (or a descriptor) or a negated error number.
 *
 * <p>The layout of {@code struct flock} and the constants are those of 64-bit Linux (x86-64, AArch64, RISC-V): see
 * fcntl(2), fallocate(2), open(2). Locks are open file description locks: they belong to this descriptor, not to the
 * process, so they also hold against other descriptors of this process and go when this one is closed.
 */
@GlobalState
final class LinuxFile implements AutoCloseable {
    static final int PUNCH_HOLE = 0x02 | 0x01; // FALLOC_FL_PUNCH_HOLE demands FALLOC_FL_KEEP_SIZE
    static final int ZERO_RANGE = 0x10 | 0x01;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short SEEK_SET = 0;

    private static final long FLOCK_BYTES = 32;
    private static final long FLOCK_START = 8;
    private static final long FLOCK_LENGTH = 16;

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LinuxFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether this system has these calls. */
    @AnyThread
    static boolean available() {
        return System.getProperty("os.name", "").equals("Linux") && ADDRESS.byteSize() == Long.BYTES;
    }

    /**
     * Opens a file.
     *
     * @return the file, or an error number
     */
    static Opened open(Path path, boolean writable) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Calls.CAPTURED);
            MemorySegment name = hostString(arena, path.toString());
            int flags = O_CLOEXEC | (writable ? O_RDWR : 0);
            int result;
            do {
                result = (int) Calls.OPEN.invokeExact(errno, name, flags);
            } while (result < 0 && Calls.error(errno) == EINTR);
            return result < 0 ? new Opened(null, Calls.error(errno)) : new Opened(new LinuxFile(result), 0);
        } catch (Throwable e) {
            throw Calls.rethrow(e);
        }
    }

    /**
     * What became of an attempt to open.
     *
     * @param file null on failure
     * @param error the error number, 0 on success
     */
    record Opened(@Nullable LinuxFile file, int error) {}

    /** A path that opens the same file again, whatever its name means by now. */
    Path again() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Takes an exclusive lock on one byte, without waiting; it is held until {@link #close}. */
    int lock(long at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(FLOCK_BYTES, Long.BYTES); // the process id must stay 0
            flock.set(JAVA_SHORT, 0, F_WRLCK);
            flock.set(JAVA_SHORT, Short.BYTES, SEEK_SET);
            flock.set(JAVA_LONG, FLOCK_START, at);
            flock.set(JAVA_LONG, FLOCK_LENGTH, 1);
            MemorySegment errno = arena.allocate(Calls.CAPTURED);
            int result = (int) Calls.FCNTL.invokeExact(errno, descriptor, F_OFD_SETLK, flock);
            return result < 0 ? -Calls.error(errno) : 0;
        } catch (Throwable e) {
            throw Calls.rethrow(e);
        }
    }

    /** Punches a hole or zeroes a range; blocks. Never changes the file's size. */
    int allocate(int mode, long offset, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Calls.CAPTURED);
            int result;
            do {
                result = (int) Calls.FALLOCATE.invokeExact(errno, descriptor, mode, offset, length);
            } while (result < 0 && Calls.error(errno) == EINTR);
            return result < 0 ? -Calls.error(errno) : 0;
        } catch (Throwable e) {
            throw Calls.rethrow(e);
        }
    }

    /** Closes the descriptor, and so lets its locks go. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (Arena arena = Arena.ofConfined()) {
                // After EINTR Linux has closed it all the same: no second try.
                int _ = (int) Calls.CLOSE.invokeExact(arena.allocate(Calls.CAPTURED), descriptor);
            } catch (Throwable e) {
                throw Calls.rethrow(e);
            }
        }
    }

    /** The bytes by which the JVM itself would name the file. */
    private static MemorySegment hostString(Arena arena, String text) {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        byte[] bytes = text.getBytes(charset);
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
        return string;
    }

    /** The call handles; linked at the first use, so never where Linux is not. */
    private static final class Calls {
        static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
        static final MethodHandle OPEN = call("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle FCNTL =
                call("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle FALLOCATE =
                call("fallocate", 0, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle CLOSE = call("close", 0, FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        private Calls() {}

        static int error(MemorySegment captured) {
            return (int) ERRNO.get(captured, 0L);
        }

        @SuppressWarnings("restricted") // the project runs with --enable-native-access
        private static MethodHandle call(String name, int firstVariadic, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            MemorySegment address = linker.defaultLookup()
                    .find(name)
                    .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
            Linker.Option capture = Linker.Option.captureCallState("errno");
            return firstVariadic == 0
                    ? linker.downcallHandle(address, descriptor, capture)
                    : linker.downcallHandle(
                            address, descriptor, capture, Linker.Option.firstVariadicArg(firstVariadic));
        }

        /** Method handles declare Throwable; these calls throw nothing that is checked. */
        static RuntimeException rethrow(Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }
}
