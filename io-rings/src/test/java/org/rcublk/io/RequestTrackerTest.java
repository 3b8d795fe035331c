// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.rcu.ReaderIndex;

/** Who waits for whom, step by step: two IOThreads that the test drives. */
@Timeout(60)
class RequestTrackerTest {
    private final ReaderIndex[] readers = {ReaderIndex.acquire(), ReaderIndex.acquire()};
    private final IoThread[] threads = {driven(0), driven(1)};
    private final RequestTracker tracker = new RequestTracker(2);
    private final List<TrackedRequest> all = new ArrayList<>();

    private IoThread driven(int i) {
        return IoThread.driven("io" + i, owner -> new TestDisk.NoEngine(), readers[i]);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, tracker.listed(), "listed");
        assertEquals(0, tracker.count(), "serialising");
        for (int i = 0; i < 2; i++) {
            assertEquals(0, threads[i].doWork(), "resumed once more");
            readers[i].close();
        }
        assertEquals(List.of(), CapturedLogs.with("resumed a request that does not wait"));
    }

    private TrackedRequest request(int thread, long from, long to, boolean serialising) {
        TrackedRequest request = new TrackedRequest(threads[thread], from, to, serialising, () -> {});
        all.add(request);
        return request;
    }

    private TrackedRequest runs(int thread, long from, long to, boolean serialising) {
        TrackedRequest request = request(thread, from, to, serialising);
        assertTrue(request.beginAt(tracker), request + " may run");
        return request;
    }

    private TrackedRequest waits(int thread, long from, long to, boolean serialising) {
        TrackedRequest request = request(thread, from, to, serialising);
        assertFalse(request.beginAt(tracker), request + " has to wait");
        return request;
    }

    /** Ends a request and says who goes on. */
    private List<TrackedRequest> end(TrackedRequest request) {
        int[] before = all.stream().mapToInt(r -> r.resumes).toArray();
        tracker.end(request.request);
        for (IoThread thread : threads) {
            while (thread.doWork() > 0) {}
        }
        List<TrackedRequest> resumed = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            if (all.get(i).resumes > before[i]) {
                assertEquals(before[i] + 1, all.get(i).resumes, "resumed once");
                resumed.add(all.get(i));
            }
        }
        return resumed;
    }

    private void endsAlone(TrackedRequest... requests) {
        for (TrackedRequest request : requests) {
            assertEquals(List.of(), end(request), "nobody waits for " + request);
        }
    }

    @Test
    void ordinaryRequestsNeverWaitForEachOther() {
        endsAlone(runs(0, 0, 10, false), runs(0, 5, 15, false), runs(1, 0, 100, false), runs(1, 0, 100, false));
    }

    @Test
    void aSerialisingRequestWaitsForOlderOnesOfBothKinds() {
        TrackedRequest ordinary = runs(0, 0, 10, false);
        TrackedRequest serialising = runs(1, 20, 30, true);
        TrackedRequest both = waits(0, 5, 25, true);
        assertEquals(List.of(), end(ordinary), "one is left");
        assertEquals(List.of(both), end(serialising));
        endsAlone(both);
    }

    @Test
    void anOrdinaryRequestWaitsForAnOlderSerialisingOne() {
        TrackedRequest serialising = runs(0, 0, 10, true);
        TrackedRequest sameThread = waits(0, 9, 11, false);
        TrackedRequest otherThread = waits(1, 0, 1, false);
        TrackedRequest beside = runs(1, 10, 20, false);
        assertEquals(List.of(sameThread, otherThread), end(serialising));
        endsAlone(sameThread, otherThread, beside);
    }

    @Test
    void nobodyOvertakesASerialisingRequestThatWaits() {
        TrackedRequest first = runs(0, 0, 10, false);
        TrackedRequest serialising = waits(1, 5, 15, true);
        TrackedRequest late = waits(0, 12, 20, false);
        TrackedRequest later = waits(1, 18, 30, true);
        TrackedRequest besideAll = runs(0, 0, 4, false);
        assertEquals(List.of(serialising), end(first));
        assertEquals(List.of(late), end(serialising));
        assertEquals(List.of(later), end(late));
        endsAlone(later, besideAll);
    }

    @Test
    void aRequestThatHasWaitedIsStillWaitedFor() {
        TrackedRequest first = runs(0, 0, 10, true);
        TrackedRequest second = waits(1, 0, 10, false);
        assertEquals(List.of(second), end(first));
        TrackedRequest third = waits(0, 0, 10, true);
        assertEquals(List.of(third), end(second));
        endsAlone(third);
    }

    @Test
    void rangesThatTouchOrAreEmptyDoNotOverlap() {
        TrackedRequest serialising = runs(0, 10, 20, true);
        endsAlone(runs(0, 0, 10, true), runs(1, 20, 30, true), runs(1, 15, 15, true), runs(1, 15, 15, false));
        TrackedRequest last = waits(1, 19, 20, false);
        assertEquals(List.of(last), end(serialising));
        endsAlone(last);
    }

    @Test
    void eachOfMoreRequestsThanAChunkHoldsIsSeen() {
        List<TrackedRequest> listed = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            listed.add(runs(0, 10 * i, 10 * i + 10, false));
        }
        for (int i = 8; i >= 0; i--) {
            TrackedRequest waiter = waits(1, 10 * i + 3, 10 * i + 4, true);
            assertEquals(List.of(waiter), end(listed.get(i)), "slot " + i);
            endsAlone(waiter);
        }
        assertEquals(0, tracker.listed());
        TrackedRequest again = runs(0, 0, 10, false);
        TrackedRequest waiter = waits(1, 0, 100, true);
        assertEquals(List.of(waiter), end(again));
        endsAlone(waiter);
    }

    @Test
    void aRequestIsListedAtSeveralNodes() {
        RequestTracker[] below = {new RequestTracker(), new RequestTracker(), new RequestTracker()};
        TrackedRequest forwarded = runs(0, 0, 10, false);
        for (RequestTracker node : below) {
            assertTrue(node.begin(forwarded.request, 100, 110, true));
            assertEquals(1, node.listed());
        }
        TrackedRequest waiter = waits(1, 0, 10, true);
        below[1].end(forwarded.request); // not the innermost one
        assertEquals(List.of(waiter), end(forwarded));
        below[2].end(forwarded.request);
        below[0].end(forwarded.request);
        endsAlone(waiter);
    }

    @Test
    void whatIsWrongIsRefusedAndListsNothing() {
        TrackedRequest request = runs(0, 0, 10, false);
        assertThrows(IllegalStateException.class, () -> request.beginAt(tracker));
        assertThrows(
                IllegalArgumentException.class, () -> tracker.begin(request(0, 0, 0, false).request, 10, 9, false));
        assertThrows(
                IllegalArgumentException.class, () -> tracker.begin(request(0, 0, 0, false).request, -1, 9, false));
        assertEquals(1, tracker.listed());
        endsAlone(request);
        assertThrows(IllegalStateException.class, () -> tracker.end(request.request));
    }

    /** Each goes on from the mailbox, not from the end of the one before it. */
    @Test
    void aLongChainOfWaitersDoesNotDeepenTheStack() {
        List<TrackedRequest> chain = new ArrayList<>();
        Set<Integer> depths = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            TrackedRequest[] self = {null};
            self[0] = new TrackedRequest(threads[0], 0, 1, true, () -> {
                depths.add(Thread.currentThread().getStackTrace().length);
                tracker.end(self[0].request);
            });
            assertEquals(i == 0, self[0].beginAt(tracker));
            chain.add(self[0]);
        }
        tracker.end(chain.get(0).request);
        while (threads[0].doWork() > 0) {}
        assertEquals(199, chain.stream().filter(request -> request.resumes == 1).count());
        assertEquals(1, depths.size(), "depths of the stack: " + depths);
    }

    @Test
    void anOrdinaryRequestAllocatesNothing() {
        TrackedRequest request = request(0, 0, 10, false);
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = meter.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                request.beginAt(tracker);
                tracker.end(request.request);
            }
            least = Math.min(least, meter.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < 10_000, least + " bytes in 10000 requests"); // the meter itself, and no object a request
    }
}
