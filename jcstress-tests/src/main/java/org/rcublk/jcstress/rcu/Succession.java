// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/** A published resource that a writer replaces, and closes after a grace period. */
abstract class Succession {
    final ReadDomain domain = new ReadDomain("test", Runnable::run);
    final Resource first = new Resource();
    volatile Resource current = first;

    /** The writer; 0 when the grace period never ended, and then the resource stays open. */
    final int replace() {
        Resource old = current;
        current = new Resource();
        return close(old);
    }

    /** Closes what no new section can reach; 0 when the grace period never ended. */
    final int close(Resource unreachable) {
        if (!Patience.synchronize(domain)) {
            return 0;
        }
        unreachable.closed = 1;
        return 1;
    }

    /** A section from begin to end on two slots; whether the resource that it reached was closed under it. */
    final int use(int begin, int end) {
        long token = domain.downRead(begin);
        Resource seen = current;
        Stalls.hold();
        int closed = seen.closed;
        domain.upRead(end, token);
        return closed;
    }
}
