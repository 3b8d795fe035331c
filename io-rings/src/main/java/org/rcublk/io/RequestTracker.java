// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * The modifying requests in flight on one node, by byte range. It belongs to the node's identity, so that all versions
 * of the graph agree on what overlaps (hazard H3). An ordinary request waits only for older serialising ones that it
 * overlaps, a serialising one for everything older that it overlaps (H12, H21, H23).
 *
 * <h2>Design</h2>
 * A request is listed in a slot of its IOThread ({@link TrackedSlots}), and each side lists itself before it looks.
 * <pre>
 * ordinary:     list (undecided), fence, load count; 0: go.  Else look at all slots; no serialising overlap: go.
 *               Else decide, look again, wait for serialising overlaps with a lower ticket.
 * serialising:  raise count, list (undecided), decide, fence, look at all slots:
 *               wait for overlaps that are undecided or have a lower ticket.
 * decide:       read the slot's word, draw a ticket, replace the word by compare-and-set, or begin anew;
 *               then release those that waited at the word.
 * wait:         push oneself on the word of the other by compare-and-set against the word that was judged.
 * end:          exchange the word for "free", lower the count, release those that waited at the word.
 * </pre>
 *
 * <h2>Invariants</h2>
 * <ol>
 *   <li>Of two that overlap, one of them serialising, one sees the other: both list, fence, look (store buffer). The
 *       count stands for a look that finds no serialising request.
 *   <li>A ticket is drawn after its request is listed, and its owner looks after that. So the younger of two tickets sees
 *       the older one, unless that has ended.
 *   <li>Undecided is older. An ordinary request may run undecided, since every serialising one that it did not see waits
 *       for it. When it decides, its ticket is above those of all that waited at it so far: a push in between makes the
 *       compare-and-set fail, and a new ticket is drawn. They are released in the same step, and it waits for them
 *       instead. Without that the two wait for each other.
 *   <li>Waits go from undecided or higher tickets to lower ones, or to an ordinary request that runs without a ticket, or
 *       to one that is about to decide and cannot be held up in between. So there is no cycle, and nobody overtakes a
 *       serialising request that waits. Between nodes, waits go down: who is listed below does not wait above.
 *   <li>A wake-up is not lost: push, decision and end are atomic on one word, and each push is released by the decision
 *       or the end that takes it off, once.
 *   <li>What a request did before its end is visible to those that it held back, and to those that found it gone.
 * </ol>
 *
 * <table>
 * <caption>Access modes</caption>
 * <tr><th>field</th><th>writer</th><th>reader</th></tr>
 * <tr><td>slots</td><td colspan=2>see {@link TrackedSlots}</td></tr>
 * <tr><td>count</td><td>fetch-and-add</td><td>volatile, behind the fence that follows the listing</td></tr>
 * <tr><td>tickets</td><td colspan=2>fetch-and-add</td></tr>
 * <tr><td>tables</td><td>compare-and-set of a copy</td><td>volatile</td></tr>
 * <tr><td>{@link Suspended}</td><td colspan=2>fetch-and-add; whoever takes it to 0 lets the request go on</td></tr>
 * </table>
 *
 * <h2>Accepted races</h2>
 * <ul>
 *   <li>A slot may be used again while it is looked at, and the range that was read may be of two requests. Nothing is
 *       missed by that: who overwrites what another reads has listed itself after the other, so it sees the other, and is
 *       the younger one. And a wait in vain ends: a push on a decided word fails if the request is not the one that was
 *       judged; a push on an undecided word may meet the slot's next request, which decides and releases, or is ordinary
 *       and runs. In that last case a serialising request waits for one that it does not overlap.
 *   <li>An ordinary request that loads the count just before it falls looks at all slots in vain.
 * </ul>
 *
 * <p>References: the ticket is that of Lamport's bakery ("A new solution of Dijkstra's concurrent programming problem",
 * 1974) with the choosing flag made a word that can be waited at; the stack of waiters is Treiber's (IBM RJ 5118, 1986).
 * One page in words: {@code docs/tracking.md}.
 */
final class RequestTracker {
    private static final boolean NO_STORE_LOAD = Mutants.on("io-track-no-store-load");
    private static final boolean COUNT_LATE = Mutants.on("io-track-count-late");
    private static final boolean PUSH_BLIND = Mutants.on("io-track-push-blind");
    private static final boolean NO_SIGNAL = Mutants.on("io-track-no-signal");
    private static final boolean TICKET_ONCE = Mutants.on("io-track-ticket-once");

    @VolatileLoad
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final VarHandle TABLES;

    static {
        try {
            TABLES = MethodHandles.lookup().findVarHandle(RequestTracker.class, "tables", TrackedSlots[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final AtomicInteger IDS = new AtomicInteger();
    private static final int PAD = 128 / Long.BYTES;
    private static final int COUNT = PAD;
    private static final int TICKETS = 2 * PAD;

    private final int id = IDS.getAndIncrement();
    private final int slotsPerChunk;

    /** The count, which every begin reads, away from what others write; the tickets behind it. */
    private final long[] shared = new long[3 * PAD];

    /** The first chunk of each IOThread, by reader index. Replaced, never written to. */
    @VolatileLoad
    private volatile @Nullable TrackedSlots[] tables = new TrackedSlots[0];

    @AnyThread
    RequestTracker() {
        this(TrackedSlots.MOST);
    }

    /** With smaller chunks, for tests of their growth. */
    @AnyThread
    RequestTracker(int slotsPerChunk) {
        this.slotsPerChunk = slotsPerChunk;
    }

    /**
     * Lists a request with its byte range. A request may be listed at several nodes, at each once. It must not overlap a
     * request of this node that ends only after it has (its own parent).
     *
     * @param request runs on the calling IOThread
     * @param from the first byte
     * @param to the byte behind the last one; an empty range overlaps nothing
     * @param serialising whether it waits for, and holds back, everything that it overlaps
     * @return true if it may go on now; false if it is suspended, and {@link Request#resume} is called exactly once when it
     *     may go on, on any thread and perhaps before this returns
     */
    @IoThreadOnly
    boolean begin(Request request, long from, long to, boolean serialising) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "a range from " + from + " to " + to + ": it has to end behind its start");
        }
        TrackedSlots chunk = mine(request);
        int base = 0;
        while (chunk.isFull()) {
            chunk = chunk.nextOrNew();
            base += slotsPerChunk;
        }
        request.listings.add(id, base + chunk.firstFree());
        int slot = chunk.take(from, to);
        boolean begun = false;
        try {
            boolean now = serialising ? beginSerialising(request, chunk, slot) : beginOrdinary(request, chunk, slot);
            begun = true;
            return now;
        } finally {
            if (!begun) { // no memory: what is listed and never ends would hold back all that overlaps it
                end(request);
            }
        }
    }

    @IoThreadOnly
    private boolean beginOrdinary(Request request, TrackedSlots chunk, int slot) {
        chunk.list(slot, null);
        if (!NO_STORE_LOAD) {
            VarHandle.fullFence(); // pairs with the one of a serialising request's begin
        }
        if (Steps.ENABLED) {
            Steps.reach("io.track-listed");
        }
        return count() == 0 || beginBesideSerialising(request, chunk, slot);
    }

    /**
     * Takes a request off, and lets go on what waited for it and for nothing else.
     *
     * @param request has begun, and is not suspended
     */
    @IoThreadOnly
    void end(Request request) {
        int slot = request.listings.remove(id);
        TrackedSlots chunk = mine(request);
        while (slot >= slotsPerChunk) {
            chunk = chunk.nextOrNew();
            slot -= slotsPerChunk;
        }
        Mark mark = chunk.giveBack(slot);
        if (mark != null) {
            if (mark.serialising()) {
                addToCount(-1);
            }
            mark.releaseAll();
        }
    }

    /** How many are listed, suspended ones included. Exact while nobody begins or ends. */
    @AnyThread
    int listed() {
        int listed = 0;
        for (TrackedSlots first : tables) {
            for (TrackedSlots chunk = first; chunk != null; chunk = chunk.next()) {
                listed += Long.bitCount(chunk.taken());
            }
        }
        return listed;
    }

    /** How many serialising requests are listed. */
    @AnyThread
    long count() {
        return (long) WORDS.getVolatile(shared, COUNT);
    }

    @AnyThread
    private void addToCount(long delta) {
        WORDS.getAndAdd(shared, COUNT, delta);
    }

    @IoThreadOnly
    private boolean beginSerialising(Request request, TrackedSlots chunk, int slot) {
        if (!COUNT_LATE) {
            addToCount(1);
        }
        chunk.list(slot, Mark.CHOOSING);
        long ticket = decide(chunk, slot, true);
        VarHandle.fullFence(); // pairs with the one of an ordinary request's begin
        Suspended self = new Suspended(request, chunk.from(slot), chunk.to(slot), ticket, true);
        waitForOlder(self, chunk, slot);
        if (COUNT_LATE) {
            if (Steps.ENABLED) {
                Steps.reach("io.track-looked");
            }
            addToCount(1);
        }
        return self.needNotWait();
    }

    /** The count was not 0: looks whether that concerns this request, and takes its place in the order if so. */
    @IoThreadOnly
    private boolean beginBesideSerialising(Request request, TrackedSlots chunk, int slot) {
        long from = chunk.from(slot);
        long to = chunk.to(slot);
        if (!meetsSerialising(from, to)) {
            return true;
        }
        long ticket = decide(chunk, slot, false);
        VarHandle.fullFence(); // as in beginSerialising
        Suspended self = new Suspended(request, from, to, ticket, false);
        waitForOlder(self, chunk, slot);
        return self.needNotWait();
    }

    @IoThreadOnly
    private long decide(TrackedSlots chunk, int slot, boolean serialising) {
        long once = TICKET_ONCE ? drawTicket() : 0;
        while (true) {
            Mark before = chunk.ownMark(slot);
            long ticket = TICKET_ONCE ? once : drawTicket();
            if (Steps.ENABLED) {
                Steps.reach("io.track-drawn");
            }
            if (chunk.replace(slot, before, new Mark(ticket, serialising, null, NO_SIGNAL ? before : null))) {
                if (before != null && !NO_SIGNAL) {
                    before.releaseAll();
                }
                return ticket;
            }
        }
    }

    @AnyThread
    private long drawTicket() {
        return (long) WORDS.getAndAdd(shared, TICKETS, 1L) + 1;
    }

    @AnyThread
    private boolean meetsSerialising(long from, long to) {
        for (TrackedSlots first : tables) {
            for (TrackedSlots chunk = first; chunk != null; chunk = chunk.next()) {
                for (long left = chunk.taken(); left != 0; left &= left - 1) {
                    int slot = Long.numberOfTrailingZeros(left);
                    if (chunk.isSerialising(slot) && chunk.overlaps(slot, from, to)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @AnyThread
    private void waitForOlder(Suspended self, TrackedSlots own, int ownSlot) {
        for (TrackedSlots first : tables) {
            for (TrackedSlots chunk = first; chunk != null; chunk = chunk.next()) {
                for (long left = chunk.taken(); left != 0; left &= left - 1) {
                    int slot = Long.numberOfTrailingZeros(left);
                    if (chunk != own || slot != ownSlot) {
                        waitAt(chunk, slot, self);
                    }
                }
            }
        }
    }

    /** Pushes a request on the word of another one if that is older and overlaps it. */
    @AnyThread
    private static void waitAt(TrackedSlots chunk, int slot, Suspended self) {
        while (true) {
            Object word = chunk.word(slot);
            if (chunk.isFree(word)) {
                return;
            }
            Mark mark = (Mark) word;
            if (!self.waitsFor(mark) || !chunk.overlaps(slot, self.from, self.to)) {
                return;
            }
            if (Steps.ENABLED) {
                Steps.reach("io.track-judged");
            }
            self.expectRelease();
            Mark pushed = Mark.waitedAtBy(self, mark);
            if (PUSH_BLIND) {
                chunk.list(slot, pushed);
                return;
            }
            if (chunk.replace(slot, mark, pushed)) {
                return;
            }
            self.expectNoRelease();
        }
    }

    @IoThreadOnly
    private TrackedSlots mine(Request request) {
        int reader = request.thread().readerIndex();
        @Nullable TrackedSlots[] all = tables;
        TrackedSlots first = reader < all.length ? all[reader] : null;
        return first != null ? first : register(reader);
    }

    /** The IOThread's first request on this node. Its slots are published before it lists anything in them. */
    @IoThreadOnly
    private TrackedSlots register(int reader) {
        TrackedSlots created = new TrackedSlots(slotsPerChunk);
        while (true) {
            @Nullable TrackedSlots[] before = tables;
            @Nullable TrackedSlots[] grown = Arrays.copyOf(before, Math.max(before.length, reader + 1));
            grown[reader] = created;
            if (TABLES.compareAndSet(this, before, grown)) {
                return created;
            }
        }
    }
}
