// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.Request;

/**
 * A cluster while one request, its owner, copies it from the backing child: the memory that it will have, and the requests
 * that wait for it.
 *
 * <h2>The race between waiting and publishing</h2>
 * <pre>
 * owner                                          waiter
 * 1. table[c] = the data (or unallocated)        a. reads table[c], sees this copy
 * 2. takes the list, leaving CLOSED              b. pushes itself, unless the list is CLOSED
 * 3. resumes each request that it took              pushed: suspends.  CLOSED: goes back to a.
 * </pre>
 * Steps 2 and b are atomic on one reference, so either 2 finds the waiter and 3 resumes it, once, or b finds CLOSED. In
 * the second case 1 happened before 2 and 2 before b, so a. now sees something else than this copy: no request waits for
 * ever, and none spins. A waiter pushed between 1 and 2 waits a moment longer than it had to.
 *
 * <p>A resumed request looks at the table anew, on its own IOThread. It may find the data; or, after a failed copy,
 * unallocated, and becomes owner of a copy of its own; or another copy, and waits there.
 *
 * <p>There is no deadlock: an owner waits for its child request and for no cluster, and a waiter owns no copy, because a
 * request goes through its clusters one after the other.
 */
@IoThreadOnly
final class Copy implements Cluster {
    private static final class Waiter {
        private final @Nullable Request request;
        private @Nullable Waiter next;

        Waiter(@Nullable Request request) {
            this.request = request;
        }
    }

    private static final Waiter CLOSED = new Waiter(null);

    private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

    /** What the cluster becomes; the owner's alone until then. Made before, so that publishing needs no memory. */
    final Cluster.Data data;

    Copy(Cluster.Data data) {
        this.data = data;
    }

    /**
     * Has a request resumed when the copy is over.
     *
     * @return false if it is over already: look at the table again
     */
    boolean await(Request request) {
        Waiter waiter = new Waiter(request);
        while (true) {
            Waiter head = waiters.get();
            if (head == CLOSED) {
                return false;
            }
            waiter.next = head; // plain: published by the compare-and-set, which pairs with getAndSet in close
            if (waiters.compareAndSet(head, waiter)) {
                return true;
            }
        }
    }

    /** Resumes who waits, first come first served. The owner calls it once, after it changed the table. */
    void close() {
        Waiter first = null;
        for (Waiter waiter = waiters.getAndSet(CLOSED); waiter != null; ) {
            Waiter earlier = waiter.next;
            waiter.next = first;
            first = waiter;
            waiter = earlier;
        }
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            if (waiter.request != null) {
                waiter.request.resume();
            }
        }
    }
}
