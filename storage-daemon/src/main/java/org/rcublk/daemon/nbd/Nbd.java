// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import org.rcublk.annotation.AnyThread;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;

/** Numbers of the protocol (section "Values"), and the limits that this server sets. */
@AnyThread
final class Nbd {
    // "Newstyle negotiation", "Fixed newstyle negotiation"
    static final long INIT_MAGIC = 0x4e42444d41474943L;
    static final long OPTION_MAGIC = 0x49484156454F5054L;
    static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    static final int FLAG_FIXED_NEWSTYLE = 1;
    static final int FLAG_NO_ZEROES = 1 << 1;
    static final int EXPORT_NAME_PADDING = 124;

    // "Option types"
    static final int OPT_EXPORT_NAME = 1;
    static final int OPT_ABORT = 2;
    static final int OPT_LIST = 3;
    static final int OPT_INFO = 6;
    static final int OPT_GO = 7;

    // "Option reply types"
    static final int REP_ACK = 1;
    static final int REP_SERVER = 2;
    static final int REP_INFO = 3;
    static final int REP_ERR_UNSUP = 1 << 31 | 1;
    static final int REP_ERR_INVALID = 1 << 31 | 3;
    static final int REP_ERR_UNKNOWN = 1 << 31 | 6;
    static final int REP_ERR_SHUTDOWN = 1 << 31 | 7;
    static final int REP_ERR_TOO_BIG = 1 << 31 | 9;
    static final int INFO_EXPORT = 0;
    static final int INFO_NAME = 1;
    static final int INFO_DESCRIPTION = 2;
    static final int INFO_BLOCK_SIZE = 3;

    // "Transmission flags"
    static final int HAS_FLAGS = 1;
    static final int READ_ONLY = 1 << 1;
    static final int SEND_FLUSH = 1 << 2;
    static final int SEND_FUA = 1 << 3;
    static final int SEND_TRIM = 1 << 5;
    static final int SEND_WRITE_ZEROES = 1 << 6;
    static final int CAN_MULTI_CONN = 1 << 8;
    static final int SEND_FAST_ZERO = 1 << 11;

    // "Request message", "Simple reply message"
    static final int REQUEST_MAGIC = 0x25609513;
    static final int REPLY_MAGIC = 0x67446698;
    static final int REQUEST_BYTES = 28;
    static final int REPLY_BYTES = 16;

    // "Request types"
    static final int CMD_READ = 0;
    static final int CMD_WRITE = 1;
    static final int CMD_DISC = 2;
    static final int CMD_FLUSH = 3;
    static final int CMD_TRIM = 4;
    static final int CMD_WRITE_ZEROES = 6;

    // "Command flags"
    static final int CMD_FLAG_FUA = 1;
    static final int CMD_FLAG_NO_HOLE = 1 << 1;
    static final int CMD_FLAG_FAST_ZERO = 1 << 4;

    // Limits. The block sizes are the protocol's defaults ("Size constraints"), so no client has to ask for them.
    static final int MIN_BLOCK = 1;
    static final int PREFERRED_BLOCK = 4096;
    static final int MAX_PAYLOAD = 32 << 20;
    static final int MAX_NAME = 4096;
    static final int OPTION_HEADER_BYTES = 16;

    /** The longest data of an option that is looked at: more than a longest name and every information request. */
    static final int MAX_OPTION = 8 << 10;

    /** The longest data of an option that is skipped and refused; with more, the client is shown the door. */
    static final int MAX_SKIPPED_OPTION = 1 << 20;

    static final int MAX_OPTIONS = 1024;

    private Nbd() {}

    /**
     * The error that goes on the wire ("Error values"). Our numbers are those of the protocol; what remains is which of
     * them may be said when.
     *
     * @param status 0 or a negated {@link Errno}
     * @param op what the request did
     * @param flags its {@code BlockOp.FLAG_} bits
     * @return 0 or an NBD error
     */
    static int error(int status, BlockOp op, int flags) {
        return switch (-status) {
            case 0 -> 0;
            // A trim is a hint: a disk that cannot discard has handled it by doing nothing.
            case Errno.ENOTSUP ->
                op == BlockOp.DISCARD
                        ? 0
                        : op == BlockOp.WRITE_ZEROES && (flags & BlockOp.FLAG_NO_FALLBACK) != 0
                                ? Errno.ENOTSUP
                                : Errno.EINVAL;
            case Errno.EPERM, Errno.EIO, Errno.ENOMEM, Errno.EINVAL, Errno.ENOSPC, Errno.ESHUTDOWN -> -status;
            case Errno.EOVERFLOW -> Errno.EINVAL;
            default -> Errno.EIO;
        };
    }
}
