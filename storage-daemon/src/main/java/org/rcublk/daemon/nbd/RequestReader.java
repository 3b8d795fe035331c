// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;

/**
 * Requests on their way in ("Request message"). Confined to the connection's IOThread.
 *
 * <p>One read a readiness fills the input buffer, and every complete request in it is submitted. A write's payload is
 * copied out of the input buffer as far as it is there; the rest is read straight into the request's own buffer, by the
 * same system call that reads what follows it. Behind a large write little is read ahead, so that the payload of the next
 * one is hardly copied. A request for which there is no slot or no buffer stays in the input
 * buffer, and nothing more is read until there is one.
 */
@IoThreadOnly
final class RequestReader {
    /** Everything that arrived was taken; read more. */
    static final int NEED_BYTES = 0;

    /** A request waits for a slot or a buffer; go on when one was given back. */
    static final int NEED_ROOM = 1;

    /** The client is done ("Terminating the transmission phase"). */
    static final int DISCONNECT = 2;

    /** What arrived is not a request. */
    static final int BAD_MAGIC = 3;

    private static final int TAKEN = -1;

    /** A write from here on is worth not copying. */
    private static final int LARGE_WRITE = 16 << 10;

    /** How much is read where another large write is expected: its header, and little of its payload to copy. */
    private static final int HEADER_WINDOW = 512;

    private final Slots slots;
    private final ReplyWriter replies;
    private final ByteBuffer input;
    private final ByteBuffer[] scatter;
    private final long size;
    private final boolean writable;

    @ConfinedTo("the connection's IOThread")
    private int head;

    @ConfinedTo("the connection's IOThread")
    private int tail;

    /** The last request was a large write. The next one probably is, too. */
    @ConfinedTo("the connection's IOThread")
    private boolean largeWrites;

    /** The write whose payload is arriving; no buffer means that the payload is skipped and the write refused. */
    @ConfinedTo("the connection's IOThread")
    private int receiving = -1;

    @ConfinedTo("the connection's IOThread")
    private @Nullable ByteBuffer payload;

    @ConfinedTo("the connection's IOThread")
    private long missing;

    RequestReader(Slots slots, ReplyWriter replies, ByteBuffer input, long size, boolean writable) {
        this.slots = slots;
        this.replies = replies;
        this.input = input;
        this.scatter = new ByteBuffer[] {input, input};
        this.size = size;
        this.writable = writable;
    }

    /** Puts in what arrived before the connection came to this IOThread. */
    void preload(ByteBuffer early) {
        input.clear();
        input.put(early);
        tail = input.position();
    }

    /**
     * Reads once. Called when {@link #parse} said that it needs bytes.
     *
     * @return how many bytes came, -1 at the end
     */
    long fill(ScatteringByteChannel channel) throws IOException {
        makeRoom();
        long got;
        ByteBuffer into = payload;
        if (into == null) {
            got = channel.read(input);
        } else {
            int before = into.position();
            scatter[0] = into;
            got = channel.read(scatter);
            missing -= into.position() - before;
        }
        tail = input.position();
        return got;
    }

    private void makeRoom() {
        if (head == tail) {
            head = 0;
            tail = 0;
            input.clear();
        } else {
            input.limit(tail).position(head);
            input.compact(); // less than a header is left
            head = 0;
        }
        if (largeWrites) {
            input.limit(input.position() + HEADER_WINDOW);
        }
    }

    /** The first four bytes of what is not a request, for the log. */
    int badMagic() {
        return input.getInt(head);
    }

    /**
     * Submits every request that has arrived whole.
     *
     * @return one of the outcomes above
     */
    int parse() {
        input.clear(); // from here on absolute access
        while (true) {
            if (receiving >= 0) {
                takePayload();
                if (missing > 0) {
                    return NEED_BYTES;
                }
                endPayload();
            }
            if (tail - head < Nbd.REQUEST_BYTES) {
                // Garbage shorter than a header must not keep a connection open for ever waiting for the rest.
                boolean bad = tail - head >= Integer.BYTES && input.getInt(head) != Nbd.REQUEST_MAGIC;
                return bad ? BAD_MAGIC : NEED_BYTES;
            }
            int outcome = takeHeader();
            if (outcome != TAKEN) {
                return outcome;
            }
        }
    }

    private void takePayload() {
        int here = (int) Math.min(missing, tail - head);
        ByteBuffer into = payload;
        if (into != null && here > 0) {
            into.put(into.position(), input, head, here);
            into.position(into.position() + here);
        }
        head += here;
        missing -= here;
    }

    private void endPayload() {
        int slot = receiving;
        receiving = -1;
        if (payload == null) {
            replies.add(slot);
        } else {
            payload = null;
            slots.submit(slot);
        }
    }

    private int takeHeader() {
        int at = head;
        if (input.getInt(at) != Nbd.REQUEST_MAGIC) {
            return BAD_MAGIC;
        }
        int command = input.getShort(at + 6) & 0xffff;
        if (command == Nbd.CMD_DISC) {
            return DISCONNECT;
        }
        if (!slots.available()) {
            return NEED_ROOM;
        }
        int flags = input.getShort(at + 4) & 0xffff;
        long cookie = input.getLong(at + 8);
        long offset = input.getLong(at + 16);
        long length = input.getInt(at + 24) & 0xffff_ffffL;
        int error = refusal(command, flags, offset, length);
        ByteBuffer buffer = null;
        if (error == 0 && length > 0 && command <= Nbd.CMD_WRITE) {
            try {
                buffer = slots.buffer((int) length);
                if (buffer == null) {
                    return NEED_ROOM;
                }
            } catch (OutOfMemoryError noDirectMemory) {
                error = Errno.ENOMEM;
            }
        }
        head += Nbd.REQUEST_BYTES;
        int slot = slots.take(cookie, op(command), blockFlags(command, flags), offset, length, buffer);
        begin(slot, command, length, buffer, error);
        return TAKEN;
    }

    private void begin(int slot, int command, long length, @Nullable ByteBuffer buffer, int error) {
        slots.fail(slot, error);
        largeWrites = command == Nbd.CMD_WRITE && buffer != null && length >= LARGE_WRITE;
        if (command == Nbd.CMD_WRITE && length > 0) {
            receiving = slot; // a refused write is answered after its payload, as a client expects that sends it whole
            payload = buffer;
            missing = length;
        } else if (error != 0 || (length == 0 && command != Nbd.CMD_FLUSH)) {
            replies.add(slot);
        } else {
            slots.submit(slot);
        }
    }

    /** The error of a request that must not run ("Error values"), or 0. */
    private int refusal(int command, int flags, long offset, long length) {
        int known = command == Nbd.CMD_WRITE_ZEROES
                ? Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO
                : Nbd.CMD_FLAG_FUA;
        if ((flags & ~known) != 0) {
            return Errno.EINVAL;
        }
        boolean beyond = offset < 0 || offset > size || length > size - offset;
        return switch (command) {
            case Nbd.CMD_READ -> beyond || length > Nbd.MAX_PAYLOAD ? Errno.EINVAL : 0;
            case Nbd.CMD_WRITE -> refusedWrite(length > Nbd.MAX_PAYLOAD ? Errno.EINVAL : beyond ? Errno.ENOSPC : 0);
            case Nbd.CMD_WRITE_ZEROES -> refusedWrite(beyond ? Errno.ENOSPC : 0);
            case Nbd.CMD_TRIM -> refusedWrite(beyond ? Errno.EINVAL : 0);
            case Nbd.CMD_FLUSH -> offset != 0 || length != 0 ? Errno.EINVAL : 0;
            default -> Errno.EINVAL;
        };
    }

    private int refusedWrite(int otherwise) {
        return writable ? otherwise : Errno.EPERM;
    }

    private static BlockOp op(int command) {
        return switch (command) {
            case Nbd.CMD_READ -> BlockOp.READ;
            case Nbd.CMD_WRITE -> BlockOp.WRITE;
            case Nbd.CMD_TRIM -> BlockOp.DISCARD;
            case Nbd.CMD_WRITE_ZEROES -> BlockOp.WRITE_ZEROES;
            default -> BlockOp.FLUSH; // or unknown, and then it never runs
        };
    }

    private static int blockFlags(int command, int flags) {
        int block = command != Nbd.CMD_READ && (flags & Nbd.CMD_FLAG_FUA) != 0 ? BlockOp.FLAG_FUA : 0;
        if (command == Nbd.CMD_WRITE_ZEROES) {
            block |= (flags & Nbd.CMD_FLAG_NO_HOLE) == 0 ? BlockOp.FLAG_MAY_UNMAP : 0;
            block |= (flags & Nbd.CMD_FLAG_FAST_ZERO) != 0 ? BlockOp.FLAG_NO_FALLBACK : 0;
        }
        return block;
    }

    /** Drops the write whose payload was arriving: the rest of it will not come. */
    void abandon() {
        if (receiving >= 0) {
            slots.release(receiving);
            receiving = -1;
            payload = null;
            missing = 0;
        }
        head = tail;
    }
}
