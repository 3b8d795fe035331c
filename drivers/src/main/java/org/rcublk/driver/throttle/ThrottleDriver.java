// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.NodeSettings;
import org.rcublk.graph.RootState;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.Capability;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * A filter that keeps requests to a rate, by holding back those that come too early.
 *
 * <h2>Design</h2>
 * Every request is poured into the buckets that it concerns ({@link LeakyBucket}: one word each, shared by all IOThreads)
 * and learns when it may run. Most run at once, for a clock's reading and a compare-and-set a bucket. One that may not
 * waits in a list of its IOThread ({@link Lane}), through its own link, under a timer that the first of the list has: no
 * lock, no allocation. The order of the exchanges on a bucket is the order of the times to run, so IOThreads and roots
 * share a rate by how much they ask for, first come first served, and each list is in order by itself.
 *
 * <p>Flushes pass: they move no data. Discards and zeroes count as writes, by their length.
 *
 * <h2>No request stays held under a gate (guarantee G)</h2>
 * Whoever waits for a root's requests publishes a version in which the root is gated, or gone, and then has {@link #gated}
 * called; that looks at the count of each lane, and has the IOThread of each lane that holds something let go what is the
 * root's. A request is enlisted first (its lane is published, the count is stored) and then looks at the current version;
 * if that has its root gated or gone, its lane lets go. All four are volatile, so they are in one order. Either the
 * hook's look at lanes and count comes after the enlisting: then it tells the IOThread, which holds the request then or
 * has let it go already. Or it comes before: then so does the publication, and the request's look sees that version or a
 * later one. In a later one the root may be let in again; but while the request runs, only a wait that was given up ends
 * its gate, and nobody waits then. The lists themselves need no order: their IOThread alone touches them.
 *
 * <p>A root that is gated is let go; other roots' requests in the same lists keep their times, and stay, but for those that
 * requests of the gated root may wait for: a copy that another root began, say. What was let go
 * has been poured in, so the rate is made up for afterwards, as in QEMU.
 *
 * <p>Who waits without a gate ({@code LiveGraph.flushInFlight}) says so at the root first, and calls the hook second: to
 * the same effect.
 *
 * <h2>Life</h2>
 * A request that is held is in a read section, and the only timers are those of held requests: none is left when the node
 * is closed (hazard H17). An IOThread that has ended takes its lane with it.
 *
 * <p>Fields: {@code lanes} volatile, an immutable array replaced by compare-and-set; everything else is final.
 */
public final class ThrottleDriver extends BlockDriver {
    private static final boolean LOOK_THEN_ENLIST = Mutants.on("throttle-look-then-enlist");

    private final Buckets buckets; // as it was opened
    private final LongSupplier clock;
    private final long epoch;

    @VolatileLoad
    private final AtomicReference<Lane[]> lanes = new AtomicReference<>(new Lane[0]);

    /**
     * A throttle.
     *
     * @param limits what it keeps to
     */
    @AnyThread
    public ThrottleDriver(ThrottleLimits limits) {
        this(limits, System::nanoTime);
    }

    /**
     * A throttle with a clock of its own.
     *
     * @param limits what it keeps to
     * @param clock nanoseconds, which never go back, as {@link System#nanoTime}
     */
    @AnyThread
    public ThrottleDriver(ThrottleLimits limits, @AnyThread LongSupplier clock) {
        this.buckets = new Buckets(limits);
        this.clock = clock;
        this.epoch = clock.getAsLong();
    }

    /**
     * What another version's options make of a throttle.
     *
     * @param limits what it keeps to from then on
     * @return settings for that version
     */
    @AnyThread
    public static NodeSettings settings(ThrottleLimits limits) {
        return new Buckets(limits);
    }

    @Override
    public NodeSettings settings() {
        return buckets;
    }

    @Override
    public String driverName() {
        return "throttle";
    }

    @Override
    public long size(PlanNode self) {
        return self.main().size();
    }

    /**
     * How many requests are held back now.
     *
     * @return an estimate
     */
    @AnyThread
    public int held() {
        return Stream.of(lanes.get()).mapToInt(Lane::held).sum();
    }

    /** Both go to the child as they are. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        long now = now();
        long start = ((Buckets) self.settings()).take(request, now);
        if (start <= now) {
            return self.main().submit(request);
        }
        hold(self, request, start, now);
        return 0;
    }

    @IoThreadOnly
    @RequiresReadSection
    private void hold(PlanNode self, Request request, long start, long now) {
        Lane lane = laneOf(request.thread());
        boolean gated = LOOK_THEN_ENLIST && request.gated();
        if (LOOK_THEN_ENLIST && Steps.ENABLED) {
            Steps.reach("throttle.looked-not-enlisted");
        }
        lane.enlist(self, request, start, now);
        if (LOOK_THEN_ENLIST ? gated : request.gated()) {
            lane.letGo(request.device(), now); // with those that came before it, which keeps the order
        } else if (request.gated(self)) {
            lane.letGo(null, now);
        }
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        laneOf(request.thread()).timerOver(request, now());
    }

    @Override
    @GlobalState
    public void gated(RootState root) {
        for (Lane lane : lanes.get()) {
            if (lane.held() > 0) {
                lane.thread().execute(() -> lane.letGo(root, now()));
            }
        }
    }

    @IoThreadOnly
    private Lane laneOf(IoThread thread) {
        Lane[] seen = lanes.get();
        Lane found = find(seen, thread);
        if (found != null) {
            return found;
        }
        Lane lane = new Lane(thread);
        lanes.updateAndGet(before -> Stream.concat(
                        Arrays.stream(before).filter(other -> !other.thread().ended()), Stream.of(lane))
                .toArray(Lane[]::new));
        return lane;
    }

    @AnyThread
    private static @Nullable Lane find(Lane[] lanes, IoThread thread) {
        for (Lane lane : lanes) {
            if (lane.thread().equals(thread)) {
                return lane;
            }
        }
        return null;
    }

    @AnyThread
    private long now() {
        return clock.getAsLong() - epoch;
    }

    @Override
    public boolean needsFlush() {
        return false;
    }

    @Override
    public void flush() {
        // what is held back has not been acknowledged
    }

    @Override
    public void close() {
        // owns nothing
    }
}
