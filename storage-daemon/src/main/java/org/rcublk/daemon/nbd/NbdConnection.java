// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.IoThread;
import org.rcublk.io.SocketHandler;
import org.rcublk.io.Virtqueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in the transmission phase: the producer of one virtqueue, on the IOThread that owns the queue. Confined
 * to that thread.
 *
 * <pre>
 * OPEN    requests are read
 * ENDING  DISC, end of stream or a drain: nothing more is read; requests under way finish and are answered
 * CLOSED  the socket is gone; requests under way finish, their replies are dropped, then the queue and buffers go
 * </pre>
 *
 * <p>The socket is not read while a request waits for a slot or a buffer. That ends by itself: slots and buffers are
 * held by requests under way, whose completion comes here, or by replies, whose leaving comes here.
 */
@IoThreadOnly
final class NbdConnection implements SocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(NbdConnection.class);
    private static final int BUFFER_BYTES = 256 << 10;

    private enum State {
        OPEN,
        ENDING,
        CLOSED
    }

    /** What a connection needs to begin. */
    record Setup(
            String label,
            SocketChannel channel,
            NbdExport export,
            long size,
            IoThread thread,
            int depth,
            PayloadPool pool,
            Runnable whenGone) {}

    private final Setup setup;
    private final SocketChannel channel;
    private final Virtqueue queue;
    private final Slots slots;
    private final ReplyWriter replies;
    private final RequestReader reader;
    private final ByteBuffer input;
    private final ByteBuffer output;
    private final PayloadPool.Account inputAccount = new PayloadPool.Account();
    private final PayloadPool.Account outputAccount = new PayloadPool.Account();
    private final Virtqueue.CompletionHandler completionHandler = this::completed;

    @ConfinedTo("the connection's IOThread")
    private State state = State.OPEN;

    @ConfinedTo("the connection's IOThread")
    private @Nullable SelectionKey key;

    @ConfinedTo("the connection's IOThread")
    private int interest;

    @ConfinedTo("the connection's IOThread")
    private boolean needsRoom;

    @ConfinedTo("the connection's IOThread")
    private boolean socketFull;

    NbdConnection(Setup setup) {
        this.setup = setup;
        this.channel = setup.channel();
        this.input = buffer(inputAccount);
        this.output = buffer(outputAccount);
        this.queue = setup.export().device().openQueue(setup.thread(), setup.depth(), this::onCompletions);
        this.slots = new Slots(queue, setup.pool());
        this.replies = new ReplyWriter(slots, setup.depth(), output);
        this.reader = new RequestReader(
                slots, replies, input, setup.size(), setup.export().writable());
    }

    private ByteBuffer buffer(PayloadPool.Account account) {
        ByteBuffer buffer = setup.pool().take(account, BUFFER_BYTES);
        if (buffer == null) {
            throw new IllegalStateException("an account that holds nothing was refused");
        }
        return buffer;
    }

    /**
     * Begins, with what the client has already sent.
     *
     * @param early bytes behind the last option
     * @param registered the channel's key, if it is already watched by this IOThread
     */
    void start(ByteBuffer early, @Nullable SelectionKey registered) {
        try {
            reader.preload(early);
            if (registered == null) {
                key = setup.thread().register(channel, SelectionKey.OP_READ, this);
            } else {
                registered.attach(this);
                registered.interestOps(SelectionKey.OP_READ);
                key = registered;
            }
            interest = SelectionKey.OP_READ;
            parse();
            pump();
        } catch (IOException vanished) {
            vanished(vanished);
        } catch (RuntimeException bug) {
            failed(bug);
        }
    }

    @Override
    public void ready(SelectionKey readyKey) {
        try {
            if (readyKey.isWritable()) {
                socketFull = false;
            }
            if (readyKey.isReadable() && state == State.OPEN && !needsRoom) {
                if (reader.fill(channel) < 0) {
                    end();
                } else {
                    parse();
                }
            }
            pump();
        } catch (IOException vanished) {
            vanished(vanished);
        } catch (RuntimeException bug) {
            failed(bug);
        }
    }

    private void onCompletions() {
        try {
            queue.pollCompletions(completionHandler, Integer.MAX_VALUE);
            if (state != State.CLOSED) {
                pump();
            }
        } catch (IOException vanished) {
            vanished(vanished);
        } catch (RuntimeException bug) {
            failed(bug);
        }
    }

    private void completed(int slot, int status) {
        if (state == State.CLOSED) {
            slots.release(slot);
        } else if (slots.completed(slot, status)) {
            replies.add(slot);
        }
    }

    private void parse() {
        int outcome = reader.parse();
        needsRoom = outcome == RequestReader.NEED_ROOM;
        if (outcome == RequestReader.DISCONNECT) {
            end();
        } else if (outcome == RequestReader.BAD_MAGIC) {
            LOG.warn(
                    "{}: bad request magic {}: connection closed",
                    setup.label(),
                    Integer.toHexString(reader.badMagic()));
            close();
        }
    }

    /** Writes what can be written, takes requests that waited for room, and arranges what to be woken for. */
    private void pump() throws IOException {
        while (state != State.CLOSED) {
            if (!socketFull) {
                socketFull = !replies.flush(channel);
            }
            if (!needsRoom || state != State.OPEN) {
                break;
            }
            parse();
            if (socketFull || replies.isEmpty()) {
                break; // room comes with a completion or when the socket drains
            }
        }
        replies.report(setup.export().counters());
        if (state == State.ENDING && slots.idle() && replies.isEmpty()) {
            close();
        }
        updateInterest();
    }

    private void updateInterest() {
        int wanted = (state == State.OPEN && !needsRoom ? SelectionKey.OP_READ : 0)
                | (socketFull ? SelectionKey.OP_WRITE : 0);
        SelectionKey watched = key;
        if (state != State.CLOSED && wanted != interest && watched != null) {
            watched.interestOps(wanted);
            interest = wanted;
        }
    }

    private void end() {
        if (state == State.OPEN) {
            state = State.ENDING;
            needsRoom = false;
            reader.abandon();
        }
    }

    /** Reads no more requests; answers those under way and closes. */
    void drain() {
        end();
        try {
            pump();
        } catch (IOException vanished) {
            vanished(vanished);
        }
    }

    /** Closes the socket at once. Requests under way finish all the same, because drivers hold their buffers. */
    void abort() {
        close();
    }

    private void vanished(IOException how) {
        LOG.debug("{}: client is gone: {}", setup.label(), how.toString());
        close();
    }

    private void failed(RuntimeException bug) {
        LOG.error("{}: internal error, connection closed", setup.label(), bug);
        close();
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        reader.abandon();
        replies.abandon();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{}: closing the socket failed: {}", setup.label(), e.toString());
        }
        queue.close(this::gone);
    }

    /** The queue has nothing under way and the IOThread has forgotten it; its last completions may not be read yet. */
    private void gone() {
        queue.pollCompletions(completionHandler, Integer.MAX_VALUE);
        setup.pool().give(inputAccount, input);
        setup.pool().give(outputAccount, output);
        setup.export().counters().connectionClosed();
        LOG.debug("{}: closed", setup.label());
        setup.whenGone().run();
    }

    @Override
    public String toString() {
        return setup.label();
    }
}
