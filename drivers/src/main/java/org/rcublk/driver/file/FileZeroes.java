// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;

/**
 * Zeroes and discards of a file, by the file system's own means where it has them. Runs on storage workers, several at once;
 * the flags only ever go from true to false, so a stale look costs a system call in vain.
 */
@GlobalState
final class FileZeroes {
    private static final int PIECE = 256 << 10;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(PIECE).asReadOnlyBuffer();

    private final OpenFile file;
    private final boolean unmap;
    private volatile boolean canPunch = true;
    private volatile boolean canZero = true;

    @AnyThread
    FileZeroes(OpenFile file, boolean unmap) {
        this.file = file;
        this.unmap = unmap;
    }

    /** Gives space back if that can be done; it is advice, so success otherwise. */
    @RequiresReadSection
    int discard(long offset, long length) {
        int status = unmap ? punch(offset, length) : 0;
        return status == -Errno.ENOTSUP ? 0 : status;
    }

    /** Makes a range read as zeroes: as a hole if that is allowed, as zeroed extents, or by writing. */
    @RequiresReadSection
    int write(long offset, long length, int flags) throws IOException {
        int status = -Errno.ENOTSUP;
        if (unmap && (flags & BlockOp.FLAG_MAY_UNMAP) != 0) {
            status = punch(offset, length);
        }
        if (status == -Errno.ENOTSUP) {
            status = zeroRange(offset, length);
        }
        if (status == -Errno.ENOTSUP && (flags & BlockOp.FLAG_NO_FALLBACK) == 0) {
            writeZeroes(offset, length);
            return 0;
        }
        return status;
    }

    @RequiresReadSection
    private int punch(long offset, long length) {
        int error = canPunch ? allocate(LinuxFile.PUNCH_HOLE, offset, length) : LinuxFile.EOPNOTSUPP;
        if (isMissing(error)) {
            canPunch = false;
        }
        return status(error);
    }

    @RequiresReadSection
    private int zeroRange(long offset, long length) {
        int error = canZero ? allocate(LinuxFile.ZERO_RANGE, offset, length) : LinuxFile.EOPNOTSUPP;
        if (isMissing(error)) {
            canZero = false;
        }
        return status(error);
    }

    @RequiresReadSection
    private int allocate(int mode, long offset, long length) {
        LinuxFile linux = file.linux();
        return linux == null ? LinuxFile.EOPNOTSUPP : -linux.allocate(mode, offset, length);
    }

    private static boolean isMissing(int error) {
        return error == LinuxFile.EOPNOTSUPP || error == LinuxFile.ENOSYS;
    }

    private static int status(int error) {
        return switch (error) {
            case 0 -> 0;
            // EINVAL: a range that is not aligned to a device's sectors; another one may do.
            case LinuxFile.EOPNOTSUPP, LinuxFile.ENOSYS, LinuxFile.EINVAL -> -Errno.ENOTSUP;
            case LinuxFile.ENOSPC, LinuxFile.EDQUOT -> -Errno.ENOSPC;
            default -> -Errno.EIO;
        };
    }

    @RequiresReadSection
    private void writeZeroes(long offset, long length) throws IOException {
        ByteBuffer zeroes = ZEROES.duplicate();
        long end = offset + length;
        long at = offset;
        while (at < end) {
            zeroes.clear().limit((int) Math.min(PIECE, end - at));
            at += file.channel().write(zeroes, at);
        }
    }

    /** Fills what is left of a buffer. */
    @AnyThread
    static void fill(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            int n = Math.min(PIECE, buffer.remaining());
            buffer.put(buffer.position(), ZEROES, 0, n);
            buffer.position(buffer.position() + n);
        }
    }
}
