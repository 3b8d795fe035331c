// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.Steps;

/**
 * A root's identity: its domain of read sections, and what the graph keeps about it. Devices extend it and override
 * the hooks. It is attached once; after it was detached it is not attached again.
 *
 * <h2>Which versions are covered</h2>
 * When a version that changes the root's route has been published, a grace period of the root's domain is asked for
 * and entered here with the version's number. Once it has elapsed, no read section of the root is left that was
 * admitted on an earlier version: the number is covered. That is what guarantee J bounds and what a retired node waits
 * for. The entries are an immutable list behind one reference, replaced by compare-and-set; readers take no lock.
 *
 * <h2>Threads</h2>
 * All methods may be called on any thread. Hooks are called on threads of the control path, after a publication, and
 * must not block: an exception is logged and changes nothing.
 *
 * <p>Whoever made the domain closes it, after {@link #detached}. A release that waits in it is not lost by that.
 */
@AnyThread
public class RootState {
    private final String id;
    private final ReadDomain domain;
    private final AtomicReference<CoveredVersions> versions = new AtomicReference<>(CoveredVersions.NONE);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicInteger retiredNotClosed = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();
    private volatile long lastGateNanos;
    private boolean described; // whether the domain knows whom to ask; handed over through "claimed"
    private volatile long lastDrainNanos;

    /**
     * A root with a domain of its own, named after it.
     *
     * @param id the root's id
     */
    public RootState(String id) {
        this(id, new ReadDomain(id));
    }

    /**
     * A root with a given domain.
     *
     * @param id the root's id
     * @param domain counts the root's requests, and no other root's
     */
    public RootState(String id, ReadDomain domain) {
        if (id.isEmpty()) {
            throw new GraphException("a root needs an id");
        }
        this.id = id;
        this.domain = domain;
    }

    /**
     * The root's id.
     *
     * @return the id
     */
    public final String id() {
        return id;
    }

    /**
     * The domain that counts this root's requests.
     *
     * @return the domain
     */
    public final ReadDomain domain() {
        return domain;
    }

    /**
     * Called after a publication that lets the root's requests in again: parked ones are to be admitted anew, on the
     * then-current version. May be called when none is parked, and more than once for one gate.
     */
    public void released() {}

    /** Called after the publication of a version without this root: parked requests are to be refused. */
    public void detached() {}

    /**
     * The request that has been in flight longest, for messages.
     *
     * @return the request, or null when there is none or the device does not know
     */
    public @Nullable InFlight oldestRequest() {
        return null;
    }

    /**
     * The requests that are in flight now, for reports of grace periods that do not end. Called on any thread; must not
     * wait for requests.
     *
     * @return what is known; the oldest alone unless a device says otherwise
     */
    public List<InFlight> inFlight() {
        InFlight oldest = oldestRequest();
        return oldest == null ? List.of() : List.of(oldest);
    }

    /**
     * How many requests wait at a gate.
     *
     * @return an estimate; 0 unless a device says otherwise
     */
    public int parkedRequests() {
        return 0;
    }

    /**
     * The largest version number that is covered: no read section admitted on an earlier version is open.
     *
     * @return a version number, 0 before the first
     */
    public final long elapsedVersion() {
        CoveredVersions seen = versions.get();
        CoveredVersions now = seen.advanced(domain);
        if (now.elapsed() > seen.elapsed()) {
            versions.compareAndSet(seen, now); // whoever beats us knows no less, or forgets only what it looks up again
        }
        return now.elapsed();
    }

    /**
     * How many versions of this root's route may still be in use: the current one, and one for each published change
     * that is not covered (guarantee J).
     *
     * @return at least 1
     */
    public final int liveVersions() {
        elapsedVersion();
        return 1 + versions.get().uncovered();
    }

    /**
     * How long the last gate that is over kept this root's requests out.
     *
     * @return nanoseconds, 0 before the first
     */
    public final long lastGateNanos() {
        return lastGateNanos;
    }

    /**
     * How long the last drain waited for this root's requests.
     *
     * @return nanoseconds, 0 before the first
     */
    public final long lastDrainNanos() {
        return lastDrainNanos;
    }

    /**
     * How many retired nodes have not been closed yet and waited for this root's requests when they were retired.
     *
     * @return a count
     */
    public final int retiredNotClosed() {
        return retiredNotClosed.get();
    }

    /**
     * Whether somebody waits for this root's requests that are in flight, without keeping new ones out. What a driver holds
     * back of them is to go on (guarantee G).
     *
     * @return as of now; the load is volatile
     */
    public final boolean waitedFor() {
        return waits.get() > 0;
    }

    /** Before drivers are told, so that a request which is held back after that finds it said. */
    final void waitBegins() {
        waits.getAndIncrement();
    }

    final void waitEnds() {
        waits.getAndDecrement();
    }

    /** Asks for the grace period that covers a version which changes the route; called after its publication. */
    final void cover(long version) {
        long cookie = domain.startPollHere();
        if (Steps.ENABLED) {
            Steps.reach("graph.cover-asked");
        }
        versions.updateAndGet(c -> c.plus(version, cookie));
    }

    /** Notes that a grace period has elapsed whose cookie was taken after the version was published. */
    final void covered(long version) {
        versions.updateAndGet(c -> c.reached(version));
    }

    /** A cookie whose grace period covers a published version. */
    final long cookieFor(long version) {
        Long known = versions.get().cookieFor(version);
        return known != null ? known : domain.startPollHere();
    }

    /** Identity: a domain and what is known of it belong to one root. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }

    /** Takes the state for one attachment, ever; false when it was taken before. */
    final boolean claim() {
        boolean taken = claimed.compareAndSet(false, true);
        if (taken && !described) {
            described = true;
            domain.sectionHolders(
                    () -> inFlight().stream().map(InFlight::holder).toList());
        }
        return taken;
    }

    /** Undoes a claim whose publication did not happen. */
    final void unclaim() {
        claimed.set(false);
    }

    final void gateLasted(long nanos) {
        lastGateNanos = nanos;
    }

    final void drainLasted(long nanos) {
        lastDrainNanos = nanos;
    }

    final void countRetired(int change) {
        retiredNotClosed.addAndGet(change);
    }
}
