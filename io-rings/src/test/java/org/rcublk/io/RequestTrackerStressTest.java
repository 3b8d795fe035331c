// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real IOThreads, which sleep when all of their requests wait, begin and end requests on a few blocks. Each block knows
 * who is in it; who starts while a serialising request waits there must not run before that has ended; all come to an end.
 */
@Timeout(120)
class RequestTrackerStressTest {
    private static final int BLOCKS = 12;
    private static final int SERIALISING = 1 << 16;
    private static final int REQUESTS = 6;

    private final RequestTracker tracker = new RequestTracker(2);
    private final AtomicIntegerArray inside = new AtomicIntegerArray(BLOCKS);
    private final Set<Place> queued = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger waited = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** A serialising request's place in the order, from when it is known to wait. */
    private static final class Place {
        final long from;
        final long to;
        volatile boolean ended;

        Place(TrackedRequest request) {
            from = request.from;
            to = request.to;
        }
    }

    /** One request, used again and again; its IOThread's alone. */
    private final class Slot {
        final TrackedRequest request;
        final Client client;
        boolean listed;
        boolean running;
        List<Place> ahead = List.of();
        Place place;

        Slot(Client client, boolean serialising) {
            this.client = client;
            this.request = new TrackedRequest(client.thread, 0, 0, serialising, this::resumed);
        }

        void begin(Random random) {
            request.from = random.nextInt(BLOCKS);
            request.to = Math.min(BLOCKS, request.from + 1 + random.nextInt(4));
            ahead = queued.stream()
                    .filter(other -> other.from < request.to && request.from < other.to)
                    .toList();
            listed = true;
            running = request.beginAt(tracker);
            if (running) {
                enter();
                return;
            }
            waited.incrementAndGet();
            if (request.serialising) {
                place = new Place(request);
                queued.add(place);
            }
        }

        private void resumed() {
            if (!listed || running || !client.thread.isCurrent()) {
                wrong.add("resumed, but does not wait: " + request);
            }
            running = true;
            enter();
            client.turn();
        }

        private void enter() {
            int mine = request.serialising ? SERIALISING : 1;
            int bound = request.serialising ? 0 : SERIALISING - 1;
            for (int block = (int) request.from; block < request.to; block++) {
                int others = inside.getAndAdd(block, mine);
                if (others > bound) {
                    wrong.add(request + " runs together with " + Integer.toHexString(others));
                }
            }
            if (!ahead.stream().allMatch(other -> other.ended)) {
                wrong.add(request + " overtook a serialising request that waited");
            }
        }

        void end() {
            for (int block = (int) request.from; block < request.to; block++) {
                inside.getAndAdd(block, request.serialising ? -SERIALISING : -1);
            }
            if (place != null) {
                place.ended = true;
                queued.remove(place);
                place = null;
            }
            listed = false;
            running = false;
            tracker.end(request.request);
            ended.incrementAndGet();
        }
    }

    /** What one IOThread does; on that thread alone. */
    private final class Client implements Runnable {
        final IoThread thread;
        final Slot[] slots = new Slot[REQUESTS];
        final Random random;
        int left;
        boolean scheduled;
        volatile boolean done;

        Client(IoThread thread, long seed, int operations, int serialisingOfSix) {
            this.thread = thread;
            this.random = new Random(seed);
            this.left = operations;
            for (int i = 0; i < REQUESTS; i++) {
                slots[i] = new Slot(this, i < serialisingOfSix);
            }
        }

        /** Another turn soon, after what else the IOThread has to do. */
        void turn() {
            if (!scheduled) {
                scheduled = true;
                thread.execute(this);
            }
        }

        @Override
        public void run() {
            scheduled = false;
            boolean someRun = false;
            boolean allOver = left == 0;
            for (Slot slot : slots) {
                if (slot.running && random.nextInt(3) == 0) {
                    slot.end();
                } else if (!slot.listed && left > 0 && random.nextInt(3) == 0) {
                    left--;
                    slot.begin(random);
                }
                someRun |= slot.running || (!slot.listed && left > 0);
                allOver &= !slot.listed;
            }
            done = allOver;
            if (someRun) {
                turn(); // else they all wait, and the thread may sleep
            }
        }
    }

    @ParameterizedTest(name = "seed {0}, {1} IOThreads, {2} of 6 serialising")
    @CsvSource({"1, 2, 1", "2, 2, 6", "3, 4, 2", "4, 3, 3"})
    void exclusionOrderAndAnEnd(long seed, int threads, int serialisingOfSix) {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                IoThread thread = new IoThread("io" + i, owner -> new TestDisk.NoEngine(), 0).start();
                clients.add(new Client(thread, seed * 31 + i, 30_000, serialisingOfSix));
            }
            clients.forEach(client -> client.thread.execute(client));
            awaitEnd(clients);
        } finally {
            clients.forEach(client -> client.thread.close());
        }
        assertEquals(List.of(), wrong.stream().limit(5).toList());
        assertEquals(0, tracker.listed());
        assertEquals(0, tracker.count());
        assertTrue(waited.get() > 1_000, "too few waited: " + waited);
    }

    /** For as long as requests end, however slowly on a busy machine. */
    private void awaitEnd(List<Client> clients) {
        while (wrong.isEmpty() && !clients.stream().allMatch(client -> client.done)) {
            int before = ended.get();
            Waits.until(
                    "another request ends",
                    () -> ended.get() > before || clients.stream().allMatch(client -> client.done));
        }
    }
}
