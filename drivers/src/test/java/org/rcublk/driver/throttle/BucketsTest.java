// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The arithmetic of the limits, in virtual time. */
@Timeout(60)
class BucketsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How many units of one each run within some seconds, when there are always more of them waiting. */
    private static int ranWithin(long seconds, LongUnaryOperator start) {
        int ran = 0;
        while (start.applyAsLong(0) < seconds * SECOND) {
            ran++;
        }
        return ran;
    }

    private static ThrottleLimits writes(ThrottleLimit iops, ThrottleLimit bps) {
        ThrottleLimit none = ThrottleLimit.NONE;
        return new ThrottleLimits(none, none, iops, none, none, bps, 0);
    }

    @Test
    void aTenthOfASecondRunsAtOnceAndThenTheRateHolds() {
        Buckets buckets = new Buckets(ThrottleLimits.iops(ThrottleLimit.of(200)));
        long[] starts =
                LongStream.range(0, 300).map(i -> buckets.take(true, 4096, 0)).toArray();
        assertEquals(21, Arrays.stream(starts).filter(start -> start <= 0).count());
        for (int i = 21; i < starts.length; i++) {
            assertEquals(SECOND / 200, starts[i] - starts[i - 1]);
        }
    }

    @Test
    void whatIsNotUsedIsLostButForTheRoom() {
        Buckets buckets = new Buckets(ThrottleLimits.iops(ThrottleLimit.of(10)));
        long hour = TimeUnit.HOURS.toNanos(1);
        assertTrue(buckets.take(true, 0, 0) <= 0);
        assertTrue(buckets.take(true, 0, hour) <= hour);
        assertTrue(buckets.take(true, 0, hour) <= hour, "a tenth of a second holds one");
        assertEquals(hour + SECOND / 10, buckets.take(true, 0, hour));
    }

    @Test
    void aBurstLastsItsLengthAtItsRate() {
        ThrottleLimit limit = new ThrottleLimit(100, 1000, 5);
        Buckets buckets = new Buckets(ThrottleLimits.iops(limit));
        LongUnaryOperator take = now -> buckets.take(false, 512, now);
        int burst = ranWithin(1, take);
        assertTrue(burst >= 1000 && burst <= 1102, "in the first second: " + burst);
        Buckets again = new Buckets(ThrottleLimits.iops(limit));
        int minute = ranWithin(60, now -> again.take(false, 512, now));
        assertTrue(minute >= 10_998 && minute <= 11_002, "5000 at once and 100 a second: " + minute);
    }

    @Test
    void aBurstOfASecondComesAtOnce() {
        Buckets buckets = new Buckets(ThrottleLimits.iops(new ThrottleLimit(10, 1000, 1)));
        assertEquals(1001, ranWithin(0, now -> buckets.take(false, 512, now) - 1));
    }

    @Test
    void bytesCountByTheirNumberAndDirectionsApart() {
        Buckets buckets = new Buckets(writes(ThrottleLimit.NONE, ThrottleLimit.of(1 << 20)));
        assertTrue(buckets.take(true, 1 << 20, 0) <= 0);
        assertEquals(SECOND - SECOND / 10, buckets.take(true, 1, 0));
        assertTrue(buckets.take(false, 1 << 30, 0) <= 0, "reads are free");
        Buckets total = new Buckets(ThrottleLimits.bps(ThrottleLimit.of(1 << 20)));
        assertTrue(total.take(true, 1 << 20, 0) <= 0);
        assertEquals(SECOND - SECOND / 10, total.take(false, 1, 0));
    }

    @Test
    void theStricterOfTwoLimitsHolds() {
        Buckets buckets = new Buckets(writes(ThrottleLimit.of(1000), ThrottleLimit.of(409_600)));
        int ran = ranWithin(10, now -> buckets.take(true, 4096, now));
        assertTrue(Math.abs(ran - 1010) <= 1, "100 a second by bytes: " + ran);
    }

    @Test
    void aLargeRequestCountsAsSeveral() {
        ThrottleLimit none = ThrottleLimit.NONE;
        Buckets buckets = new Buckets(new ThrottleLimits(ThrottleLimit.of(10), none, none, none, none, none, 4096));
        assertTrue(buckets.take(true, 40_960, 0) <= 0);
        assertEquals(SECOND - SECOND / 10, buckets.take(true, 1, 0));
        assertEquals(SECOND - SECOND / 10 + SECOND / 10, buckets.take(true, 4096, 0));
    }

    @Test
    void theLargestNumbersDoNotWrap() {
        Buckets slow = new Buckets(ThrottleLimits.bps(ThrottleLimit.of(1)));
        long century = TimeUnit.DAYS.toNanos(36_500);
        for (int i = 0; i < 10; i++) {
            slow.take(true, Long.MAX_VALUE, century / 2);
            assertTrue(i == 0 || slow.take(true, 1, century / 2) > century / 4);
        }
        Buckets fast = new Buckets(ThrottleLimits.iops(new ThrottleLimit(1, ThrottleLimit.MAX, 1)));
        assertTrue(fast.take(true, 1, 0) <= 0);
    }

    /** Two IOThreads' worth of requests, each with so many under way: both get on, and together no faster than the rate. */
    @Test
    void ioThreadsShareARateByWhatTheyAskFor() {
        Buckets buckets = new Buckets(ThrottleLimits.iops(ThrottleLimit.of(1000)));
        List<Deque<Long>> underWay = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        int[] depth = {4, 28};
        int[] ran = new int[2];
        for (long now = 0; now < 10 * SECOND; now += 100_000) {
            for (int thread = 0; thread < 2; thread++) {
                Deque<Long> mine = underWay.get(thread);
                while (!mine.isEmpty() && mine.peek() <= now) {
                    mine.remove();
                    ran[thread]++;
                }
                while (mine.size() < depth[thread]) {
                    mine.add(buckets.take(true, 4096, now));
                }
            }
        }
        int both = ran[0] + ran[1];
        assertTrue(both >= 10_000 && both <= 10_110, "ran " + both);
        assertTrue(ran[0] > both / 8 - both / 50 && ran[0] < both / 8 + both / 50, "the small one ran " + ran[0]);
    }

    @Test
    void threadsLoseNoUnit() throws Exception {
        Buckets buckets = new Buckets(ThrottleLimits.iops(ThrottleLimit.of(1000)));
        int each = 100_000;
        CyclicBarrier together = new CyclicBarrier(2);
        List<FutureTask<long[]>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            FutureTask<long[]> task = new FutureTask<>(() -> {
                together.await();
                return LongStream.range(0, each)
                        .map(n -> buckets.take(true, 4096, 0))
                        .toArray();
            });
            tasks.add(task);
            new Thread(task, "io-" + i).start();
        }
        long[] first = tasks.get(0).get();
        long[] all = LongStream.concat(
                        Arrays.stream(first), Arrays.stream(tasks.get(1).get()))
                .sorted()
                .toArray();
        assertEquals(101, Arrays.stream(all).filter(start -> start == 0).count());
        for (int i = 101; i < all.length; i++) {
            assertEquals(SECOND / 1000, all[i] - all[i - 1], "each has a time of its own");
        }
        assertEquals(2L * each * SECOND / 1000 - SECOND / 10, buckets.take(true, 4096, 0));
    }
}
