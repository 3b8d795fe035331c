// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.SocketHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in the handshake phase ("Handshake"), on the main loop. It takes an option when the answers to the one
 * before have gone out, so a client that never reads holds nothing but one answer.
 */
@IoThreadOnly
final class Handshake implements SocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    /** How a handshake ends. Both are called on the main loop, one of them, once. */
    interface Ending {
        /** The client chose an export. The channel is watched by {@code key}; {@code early} was read behind the option. */
        void transmit(Handshake handshake, NbdExport export, long size, ByteBuffer early, SelectionKey key);

        /** The channel is closed. */
        void closed(Handshake handshake);
    }

    private enum State {
        FLAGS,
        OPTIONS,
        SKIP,
        /** An outcome was decided; answers may still have to go out. */
        LAST_ANSWER,
        OVER
    }

    private final String label;
    private final SocketChannel channel;
    private final HandshakeOptions options;
    private final OptionReplies replies;
    private final Ending ending;
    private final long deadlineNanos;
    private final ByteBuffer input = ByteBuffer.allocate(Nbd.OPTION_HEADER_BYTES + Nbd.MAX_OPTION);

    @ConfinedTo("the main loop")
    private State state = State.FLAGS;

    @ConfinedTo("the main loop")
    private HandshakeOptions.Next last = HandshakeOptions.Next.CLOSE;

    @ConfinedTo("the main loop")
    private @Nullable SelectionKey key;

    @ConfinedTo("the main loop")
    private boolean fixed;

    @ConfinedTo("the main loop")
    private boolean noZeroes;

    @ConfinedTo("the main loop")
    private boolean flushed = true;

    @ConfinedTo("the main loop")
    private int optionCount;

    @ConfinedTo("the main loop")
    private int skippedOption;

    @ConfinedTo("the main loop")
    private int skip;

    Handshake(
            String label,
            SocketChannel channel,
            HandshakeOptions options,
            OptionReplies replies,
            Ending ending,
            long deadlineNanos) {
        this.label = label;
        this.channel = channel;
        this.options = options;
        this.replies = replies;
        this.ending = ending;
        this.deadlineNanos = deadlineNanos;
    }

    /** The connection's name in the log. */
    @AnyThread
    String label() {
        return label;
    }

    SocketChannel channel() {
        return channel;
    }

    /** When the client must have chosen, as {@link System#nanoTime}. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Begins; the channel is watched by the key. */
    void start(SelectionKey watchedBy) {
        key = watchedBy;
        replies.greeting();
        step(false);
    }

    @Override
    public void ready(SelectionKey readyKey) {
        step(readyKey.isReadable());
    }

    private void step(boolean readable) {
        try {
            if (readable && flushed && channel.read(input) < 0) {
                close();
                return;
            }
            process();
        } catch (IOException vanished) {
            LOG.debug("{}: client is gone in the handshake: {}", label, vanished.toString());
            close();
        } catch (RuntimeException bug) {
            LOG.error("{}: internal error in the handshake, connection closed", label, bug);
            close();
        }
    }

    private void process() throws IOException {
        flushed = replies.flush(channel);
        input.flip();
        while (flushed && (state == State.FLAGS || state == State.OPTIONS || state == State.SKIP) && take()) {
            flushed = replies.flush(channel);
        }
        if (flushed && state == State.LAST_ANSWER) {
            finish();
            return;
        }
        input.compact();
        if (state != State.OVER && key != null) {
            key.interestOps(flushed ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        }
    }

    private void finish() {
        if (last == HandshakeOptions.Next.TRANSMIT && key != null) {
            state = State.OVER;
            ending.transmit(this, options.chosen(), options.size(), input, key);
        } else {
            close();
        }
    }

    /** Takes one thing from the input; false if it has not arrived whole. */
    private boolean take() {
        return switch (state) {
            case FLAGS -> takeFlags();
            case OPTIONS -> takeOption();
            case SKIP -> takeSkipped();
            case LAST_ANSWER, OVER -> false;
        };
    }

    private boolean takeFlags() {
        if (input.remaining() < 4) {
            return false;
        }
        int flags = input.getInt();
        if ((flags & ~(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES)) != 0) {
            return refuse("unknown client flags 0x" + Integer.toHexString(flags));
        }
        fixed = (flags & Nbd.FLAG_FIXED_NEWSTYLE) != 0;
        noZeroes = (flags & Nbd.FLAG_NO_ZEROES) != 0;
        state = State.OPTIONS;
        return true;
    }

    private boolean takeOption() {
        if (input.remaining() < Nbd.OPTION_HEADER_BYTES) {
            boolean bad = input.remaining() >= Long.BYTES && input.getLong(input.position()) != Nbd.OPTION_MAGIC;
            return bad && refuse("bad option magic");
        }
        int at = input.position();
        if (input.getLong(at) != Nbd.OPTION_MAGIC) {
            return refuse("bad option magic");
        }
        int option = input.getInt(at + 8);
        long length = input.getInt(at + 12) & 0xffff_ffffL;
        if (!fixed && option != Nbd.OPT_EXPORT_NAME) {
            return refuse("option " + Integer.toUnsignedString(option) + " without fixed newstyle");
        }
        if (length > Nbd.MAX_OPTION || (option == Nbd.OPT_EXPORT_NAME && length > Nbd.MAX_NAME)) {
            return takeTooLong(option, length);
        }
        if (input.remaining() < Nbd.OPTION_HEADER_BYTES + length) {
            return false;
        }
        if (++optionCount > Nbd.MAX_OPTIONS) {
            return refuse("more than " + Nbd.MAX_OPTIONS + " options");
        }
        ByteBuffer data = input.slice(at + Nbd.OPTION_HEADER_BYTES, (int) length);
        input.position(at + Nbd.OPTION_HEADER_BYTES + (int) length);
        decide(options.answer(option, data, noZeroes));
        return true;
    }

    private void decide(HandshakeOptions.Next next) {
        switch (next) {
            case GO_ON -> {}
            case TRANSMIT, CLOSE -> {
                last = next;
                state = State.LAST_ANSWER;
            }
            case REFUSE -> refuse(options.complaint());
        }
    }

    private boolean takeTooLong(int option, long length) {
        if (option == Nbd.OPT_EXPORT_NAME || length > Nbd.MAX_SKIPPED_OPTION) {
            return refuse("option " + Integer.toUnsignedString(option) + " of " + length + " bytes");
        }
        input.position(input.position() + Nbd.OPTION_HEADER_BYTES);
        skippedOption = option;
        skip = (int) length;
        state = State.SKIP;
        return true;
    }

    private boolean takeSkipped() {
        int here = Math.min(skip, input.remaining());
        input.position(input.position() + here);
        skip -= here;
        if (skip > 0) {
            return false;
        }
        state = State.OPTIONS;
        if (++optionCount > Nbd.MAX_OPTIONS) {
            return refuse("more than " + Nbd.MAX_OPTIONS + " options");
        }
        if (skippedOption == Nbd.OPT_ABORT) {
            decide(options.answer(Nbd.OPT_ABORT, ByteBuffer.allocate(0), noZeroes));
        } else {
            replies.error(skippedOption, Nbd.REP_ERR_TOO_BIG, "an option has at most " + Nbd.MAX_OPTION + " bytes");
        }
        return true;
    }

    /** Ends the session without an answer ("Termination of the session during option haggling"). */
    private boolean refuse(String why) {
        LOG.warn("{}: handshake refused: {}: connection closed", label, why);
        last = HandshakeOptions.Next.REFUSE;
        state = State.LAST_ANSWER;
        return true;
    }

    /** Closes the channel. */
    void close() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{}: closing the socket failed: {}", label, e.toString());
        }
        ending.closed(this);
    }
}
