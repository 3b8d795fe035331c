// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.rcu.ReaderIndex;

/** Random begins and ends on three IOThreads, one after the other, against the rule in its plainest form. */
@Timeout(60)
class RequestTrackerModelTest {
    private static final int STEPS = 4_000;
    private static final long BLOCKS = 24;

    private final ReaderIndex[] readers = {ReaderIndex.acquire(), ReaderIndex.acquire(), ReaderIndex.acquire()};
    private final IoThread[] threads = new IoThread[readers.length];
    private final RequestTracker tracker = new RequestTracker(3);
    /** In the order of their begins. */
    private final List<TrackedRequest> listed = new ArrayList<>();

    @AfterEach
    void close() {
        for (ReaderIndex reader : readers) {
            reader.close();
        }
    }

    /** It runs unless an older one is listed that it overlaps, one of the two serialising. */
    private boolean mayRun(TrackedRequest request) {
        for (TrackedRequest older : listed) {
            if (older == request) {
                return true;
            }
            if (older.overlaps(request) && (older.serialising || request.serialising)) {
                return false;
            }
        }
        throw new AssertionError(request + " is not listed");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void asTheRuleSays(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < readers.length; i++) {
            threads[i] = IoThread.driven("io" + i, owner -> new TestDisk.NoEngine(), readers[i]);
        }
        List<TrackedRequest> waiting = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            String at = "seed " + seed + ", step " + step + ": ";
            if (listed.size() < 20 && random.nextInt(5) < 3) {
                TrackedRequest request = randomRequest(random);
                listed.add(request);
                boolean runs = request.beginAt(tracker);
                assertEquals(mayRun(request), runs, at + request + " among " + listed);
                if (!runs) {
                    waiting.add(request);
                }
            } else {
                endOne(random, waiting, at);
            }
        }
        assertEquals(listed.size(), tracker.listed());
    }

    private TrackedRequest randomRequest(Random random) {
        long from = random.nextLong(BLOCKS);
        long to = Math.min(BLOCKS, from + random.nextInt(6));
        return new TrackedRequest(threads[random.nextInt(threads.length)], from, to, random.nextInt(3) == 0, () -> {});
    }

    private void endOne(Random random, List<TrackedRequest> waiting, String at) {
        List<TrackedRequest> running =
                listed.stream().filter(request -> !waiting.contains(request)).toList();
        if (running.isEmpty()) {
            assertEquals(List.of(), listed, at + "all wait");
            return;
        }
        TrackedRequest ended = running.get(random.nextInt(running.size()));
        listed.remove(ended);
        tracker.end(ended.request);
        for (IoThread thread : threads) {
            while (thread.doWork() > 0) {}
        }
        List<TrackedRequest> goesOn = waiting.stream().filter(this::mayRun).toList();
        assertEquals(
                goesOn,
                waiting.stream().filter(request -> request.resumes == 1).toList(),
                at + "end of " + ended + " among " + listed);
        waiting.removeAll(goesOn);
        assertTrue(listed.stream().allMatch(request -> request.resumes <= 1), at + "resumed once");
    }
}
