// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.rcu.ReaderThread;

/**
 * Waits for a grace period of several roots. The grace periods of all are asked for before any is waited for, so they
 * run in parallel: the waiting thread advances one, the process's driver the others.
 */
@GlobalState
final class GraceWait {
    private GraceWait() {}

    /**
     * Returns when every section of the roots has ended that began before this call.
     *
     * @param version a version that was published before this call; it is covered afterwards (guarantee J)
     * @throws DrainTimeoutException when the deadline passed first
     */
    @WaitsForGracePeriod
    static void await(List<RootState> roots, long version, Deadline deadline, String what) {
        roots.forEach(root -> ReaderThread.requireMayWait(what, root.domain()));
        assert !ReaderThread.inSection()
                : what + " waits for requests inside a ReadSection of another domain: whoever"
                        + " waits there for this one's would never end; leave the section first";
        long start = System.nanoTime();
        Object event = GraphEvents.drainBegins();
        long[] cookies = new long[roots.size()];
        for (int i = 0; i < cookies.length; i++) {
            cookies[i] = roots.get(i).domain().startPollHere();
        }
        for (int i = 0; i < cookies.length; i++) {
            RootState root = roots.get(i);
            if (!root.domain().await(cookies[i], deadline.nanoTime())) {
                GraphEvents.drainEnds(event, what, roots, false);
                throw missed(roots, cookies, deadline, what);
            }
            root.covered(version);
            root.drainLasted(System.nanoTime() - start);
        }
        GraphEvents.drainEnds(event, what, roots, true);
    }

    private static DrainTimeoutException missed(List<RootState> roots, long[] cookies, Deadline deadline, String what) {
        List<String> late = new ArrayList<>();
        InFlight oldest = null;
        for (int i = 0; i < cookies.length; i++) {
            RootState root = roots.get(i);
            if (root.domain().poll(cookies[i])) {
                continue;
            }
            InFlight request = oldest(root);
            late.add("root '" + root.id() + "' still has "
                    + (request != null
                            ? "requests in flight, the oldest: " + request.describe()
                            : root.domain().openSections() + " open read sections"));
            oldest = older(oldest, request);
        }
        return new DrainTimeoutException(
                DrainTimeoutException.Phase.GRACE_PERIOD,
                what + ": requests in flight did not end within "
                        + deadline.patience().toMillis() + " ms, so nothing was changed; " + String.join("; ", late),
                oldest);
    }

    /** A device's report must not hide the missed deadline. */
    private static @Nullable InFlight oldest(RootState root) {
        try {
            return root.oldestRequest();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static @Nullable InFlight older(@Nullable InFlight one, @Nullable InFlight other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.ageNanos() > one.ageNanos() ? other : one;
    }
}
